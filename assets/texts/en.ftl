# The English words of closelook's explanations and findings (Fluent syntax, https://projectfluent.org).
# Another language is one more file with the same ids; what it lacks is shown in English.
#
# A line break inside a text is a space; an empty line begins a paragraph; a line that begins with "- " begins a list item.
# $view is "client" when the reader is the client of a live session ("you"), and "observer" for a session read from a log.
# $side is "client", "server", or "unknown" where no side can be told.

language-name = English

## Headings and labels

heading-description = Description
heading-when-seen = When you see it
heading-how-to-fix = How to fix
heading-key-differences = Key differences
heading-which-to-use = Which to use when
heading-learn-more = Learn more

label-evidence = The evidence
label-verdict = The verdict
label-reports = What each side reports
label-next-steps = What to do next
label-observed = seen in this session
label-known-uses = Documented uses:
label-more-bytes =
    { $count ->
        [one] and 1 more byte
       *[other] and { $count } more bytes
    }
label-code-and-name = { $code } { $name }

side-client = client
side-server = server

## Fields of a Close frame, as marked in its bytes (RFC 6455 5.2 and 5.5.1)

field-first-byte = first byte
field-length = length
field-masking-key = masking key
field-code = code
field-half-code = half a code
field-reason = reason

field-first-byte-meaning =
    { $final ->
        [yes] FIN and opcode 8, Close
       *[no] opcode 8, Close, without FIN: a control frame must not be fragmented
    }
field-first-byte-reserved-bits = a reserved bit is set
field-length-meaning =
    { $masked ->
        [yes] masked
       *[no] not masked
    }, payload of { $length ->
        [0] length 0: there is no room for a code
        [one] 1 byte: half a code
       *[other] { $length } bytes
    }
field-masking-key-meaning = the payload is combined with it by XOR
field-code-meaning = { $code }
field-code-meaning-masked = { $unmasked } once unmasked, { $code }
field-half-code-meaning = a code needs two bytes
field-half-code-meaning-masked = { $unmasked } once unmasked; a code needs two bytes
field-reason-meaning = “{ $reason }”
field-reason-meaning-masked = “{ $reason }” once unmasked

## Endings: what happened, by who sent the first Close, what it held, and what came back
## $first and $reply are the codes of the two Close frames.

ending-client-code-same =
    { $view ->
        [client]
            You began the close: your Close frame held { $first }. The server answered with a Close that holds the same code.
            Each side reports the code in the Close that it received, so both report { $first }: you because of the server's frame,
            the server because of yours.
       *[observer]
            The client began the close: its Close frame held { $first }. The server answered with a Close that holds the same code.
            Each side reports the code in the Close that it received, so both report { $first }: the client because of the server's
            frame, the server because of the client's.
    }
    .headline =
        { $view ->
            [client] You closed with { $first }, and the server answered with the same code
           *[observer] The client closed with { $first }, and the server answered with the same code
        }

ending-client-code-other =
    { $view ->
        [client]
            You sent the first Close, and it held { $first }. The server's Close held { $reply }. Each side reports the code that it
            received, not the one that it sent: you report { $reply }, and the server reports { $first }. The two reports differ, and
            both are right.
       *[observer]
            The client sent the first Close, and it held { $first }. The server's Close held { $reply }. Each side reports the code
            that it received, not the one that it sent: the client reports { $reply }, and the server reports { $first }. The two
            reports differ, and both are right.
    }
    .headline =
        { $view ->
            [client] You closed with { $first }; the server's Close says { $reply }
           *[observer] The client closed with { $first }; the server's Close says { $reply }
        }

ending-client-code-empty =
    { $view ->
        [client]
            You began the close: your Close frame held { $first }. The server answered with an empty Close, which has no room for a
            code. { $first ->
                [1005] This 1005 was not sent:
               *[other] Nobody sent 1005:
            } your own library made it up to say that the Close it received held no code. The server received
            your { $first } and reports { $first }. The two reports differ, and both are right.
       *[observer]
            The client began the close: its Close frame held { $first }. The server answered with an empty Close, which has no room
            for a code. { $first ->
                [1005] This 1005 was not sent:
               *[other] Nobody sent 1005:
            } the client's own library made it up to say that the Close it received held no code. The
            server received { $first } and reports { $first }. The two reports differ, and both are right.
    }
    .headline =
        { $view ->
            [client] You sent { $first }, the server answered with an empty Close: that is why you see 1005
           *[observer] The client sent { $first }, the server answered with an empty Close: the client reports 1005
        }

ending-client-code-none =
    { $view ->
        [client]
            You began the close: your Close frame held { $first }. The connection ended before any Close came from the server. You
            received no Close, so you report 1006, although you sent { $first }. The server reports { $first } if it read your frame
            before the connection was gone.
       *[observer]
            The client began the close: its Close frame held { $first }. The connection ended before any Close came from the server.
            The client received no Close, so it reports 1006, although it sent { $first }. The server reports { $first } if it read
            that frame before the connection was gone.
    }
    .headline =
        { $view ->
            [client] You closed with { $first }, and no Close came back: you see 1006
           *[observer] The client closed with { $first }, and no Close came back: the client reports 1006
        }

ending-client-empty-empty =
    { $view ->
        [client]
            You began the close, and you sent an empty Close: length 0, no room for a code. The server answered in the same way, with
            an empty Close of its own. That is why both of you see 1005. Nobody sent 1005: each side's library made it up to say that
            the Close it received held no code.
       *[observer]
            The client began the close, and the client sent an empty Close: length 0, no room for a code. The server answered in the
            same way, with an empty Close of its own. That is why both sides report 1005. Nobody sent 1005: each side's library made
            it up to say that the Close it received held no code.
    }
    .headline =
        { $view ->
            [client] You sent an empty Close and the server echoed it: that is why both of you see 1005
           *[observer] The client sent an empty Close and the server echoed it: both report 1005
        }

ending-client-empty-code =
    { $view ->
        [client]
            You began the close, and you sent an empty Close: length 0, no room for a code. The server's Close held { $reply }, so you
            report { $reply }. The server received a Close with no code, so it reports 1005, which its own library made up: you did
            not send 1005. The two reports differ, and both are right.
       *[observer]
            The client began the close, and the client sent an empty Close: length 0, no room for a code. The server's Close held
            { $reply }, so the client reports { $reply }. The server received a Close with no code, so it reports 1005, which its own
            library made up: the client did not send 1005. The two reports differ, and both are right.
    }
    .headline =
        { $view ->
            [client] You sent an empty Close, the server answered { $reply }: you see { $reply }, the server sees 1005
           *[observer] The client sent an empty Close, the server answered { $reply }: the client reports { $reply }, the server 1005
        }

ending-client-empty-none =
    { $view ->
        [client]
            You began the close, and you sent an empty Close: length 0, no room for a code. The connection ended before any Close came
            from the server. You received no Close, so you report 1006. The server reports 1005 if it read your frame before the
            connection was gone.
       *[observer]
            The client began the close, and the client sent an empty Close: length 0, no room for a code. The connection ended before
            any Close came from the server. The client received no Close, so it reports 1006. The server reports 1005 if it read that
            frame before the connection was gone.
    }
    .headline =
        { $view ->
            [client] You sent an empty Close, and no Close came back: you see 1006
           *[observer] The client sent an empty Close, and no Close came back: the client reports 1006
        }

ending-server-code-same =
    { $view ->
        [client]
            The server began the close: its Close frame held { $first }. You answered with a Close that holds the same code. Each side
            reports the code in the Close that it received, so both report { $first }: you because of the server's frame, the server
            because of yours.
       *[observer]
            The server began the close: its Close frame held { $first }. The client answered with a Close that holds the same code.
            Each side reports the code in the Close that it received, so both report { $first }: the client because of the server's
            frame, the server because of the client's.
    }
    .headline =
        { $view ->
            [client] The server closed with { $first }, and you answered with the same code
           *[observer] The server closed with { $first }, and the client answered with the same code
        }

ending-server-code-other =
    { $view ->
        [client]
            The server sent the first Close, and it held { $first }. Your Close held { $reply }. Each side reports the code that it
            received, not the one that it sent: you report { $first }, and the server reports { $reply }. The two reports differ, and
            both are right.
       *[observer]
            The server sent the first Close, and it held { $first }. The client's Close held { $reply }. Each side reports the code
            that it received, not the one that it sent: the client reports { $first }, and the server reports { $reply }. The two
            reports differ, and both are right.
    }
    .headline =
        { $view ->
            [client] The server closed with { $first }; your Close says { $reply }
           *[observer] The server closed with { $first }; the client's Close says { $reply }
        }

ending-server-code-empty =
    { $view ->
        [client]
            The server began the close: its Close frame held { $first }, so you report { $first }. You answered with an empty Close,
            which has no room for a code, so the server reports 1005. { $first ->
                [1005] This 1005 was not sent:
               *[other] Nobody sent 1005:
            } the server's own library made it up to say
            that the Close it received held no code. The two reports differ, and both are right.
       *[observer]
            The server began the close: its Close frame held { $first }, so the client reports { $first }. The client answered with an
            empty Close, which has no room for a code, so the server reports 1005. { $first ->
                [1005] This 1005 was not sent:
               *[other] Nobody sent 1005:
            } the server's own library made it
            up to say that the Close it received held no code. The two reports differ, and both are right.
    }
    .headline =
        { $view ->
            [client] The server closed with { $first }, you answered with an empty Close: you see { $first }, the server sees 1005
           *[observer] The server closed with { $first }, the client answered with an empty Close: the server reports 1005
        }

ending-server-code-none =
    { $view ->
        [client]
            The server began the close: its Close frame held { $first }, so you report { $first }. The connection ended before a Close
            went from you to the server. The server received no Close, so it reports 1006, although it sent { $first } itself.
       *[observer]
            The server began the close: its Close frame held { $first }, so the client reports { $first }. The connection ended before
            a Close went from the client to the server. The server received no Close, so it reports 1006, although it sent { $first }
            itself.
    }
    .headline =
        { $view ->
            [client] The server closed with { $first }, and no Close went back: you see { $first }, the server sees 1006
           *[observer] The server closed with { $first }, and no Close went back: the server reports 1006
        }

ending-server-empty-empty =
    { $view ->
        [client]
            The server began the close, and the server sent an empty Close: length 0, no room for a code. That is why you see 1005. You
            answered in the same way, with an empty Close of your own, so the server sees 1005 too. Nobody sent 1005: each side's
            library made it up to say that the Close it received held no code.
       *[observer]
            The server began the close, and the server sent an empty Close: length 0, no room for a code. The client answered in the
            same way, with an empty Close of its own. That is why both sides report 1005. Nobody sent 1005: each side's library made
            it up to say that the Close it received held no code.
    }
    .headline =
        { $view ->
            [client] The server started the close and gave no code: that is why you see 1005
           *[observer] The server started the close and gave no code, and the client echoed that: both report 1005
        }

ending-server-empty-code =
    { $view ->
        [client]
            The server began the close, and the server sent an empty Close: length 0, no room for a code. That is why you report 1005,
            which your own library made up: the server did not send 1005. Your Close held { $reply }, so the server reports { $reply }.
            The two reports differ, and both are right.
       *[observer]
            The server began the close, and the server sent an empty Close: length 0, no room for a code. That is why the client
            reports 1005, which its own library made up: the server did not send 1005. The client's Close held { $reply }, so the
            server reports { $reply }. The two reports differ, and both are right.
    }
    .headline =
        { $view ->
            [client] The server sent an empty Close, you answered { $reply }: you see 1005, the server sees { $reply }
           *[observer] The server sent an empty Close, the client answered { $reply }: the client reports 1005, the server { $reply }
        }

ending-server-empty-none =
    { $view ->
        [client]
            The server began the close, and the server sent an empty Close: length 0, no room for a code. That is why you report 1005.
            The connection ended before a Close went from you to the server. The server received no Close, so it reports 1006.
       *[observer]
            The server began the close, and the server sent an empty Close: length 0, no room for a code. That is why the client
            reports 1005. The connection ended before a Close went from the client to the server. The server received no Close, so it
            reports 1006.
    }
    .headline =
        { $view ->
            [client] The server sent an empty Close, and no Close went back: you see 1005, the server sees 1006
           *[observer] The server sent an empty Close, and no Close went back: the client reports 1005, the server 1006
        }

# A Close with one byte of payload. $side sent it.
ending-half-code =
    { $view ->
        [client]
            { $side ->
                [client] You sent a Close with one byte of payload.
               *[server] The server sent a Close with one byte of payload.
            }
       *[observer]
            { $side ->
                [client] The client sent a Close with one byte of payload.
               *[server] The server sent a Close with one byte of payload.
            }
    }
    A code needs two bytes, so this is half a code and breaks RFC 6455 5.5.1. Read loosely, the Close holds no code and its receiver
    reports 1005, as shown here. Strict libraries end the session with 1002 instead, and show their program an error.
    .headline =
        { $view ->
            [client]
                { $side ->
                    [client] Your Close frame held half a code
                   *[server] The server's Close frame held half a code
                }
           *[observer]
                { $side ->
                    [client] The client's Close frame held half a code
                   *[server] The server's Close frame held half a code
                }
        }

## Endings with no Close frame

ending-dropped-fin-client =
    { $view ->
        [client]
            You ended the TCP connection with a FIN, the ordinary way to end TCP, and no Close frame went before it. The server received
            no Close, so it reports 1006. You received none either, so you report 1006 too. Nobody sent 1006: it is each library's own
            note that no Close frame came.
       *[observer]
            The client's side ended the TCP connection with a FIN, the ordinary way to end TCP, and no Close frame went before it.
            Neither side received a Close, so both report 1006. Nobody sent 1006: it is each library's own note that no Close frame
            came.
    }
    .headline =
        { $view ->
            [client] You ended the connection without a Close frame: 1006 on both sides
           *[observer] The client's side ended the connection without a Close frame: 1006 on both sides
        }

ending-dropped-fin-server =
    { $view ->
        [client]
            The server's side ended the TCP connection with a FIN, the ordinary way to end TCP, and no Close frame came before it. You
            received no Close, so you report 1006. The server received none either, so it reports 1006 too. Nobody sent 1006: it is each
            library's own note that no Close frame came. A process that exits, code that closes the socket and forgets the WebSocket,
            and a proxy that ends an idle connection all look like this from here.
       *[observer]
            The server's side ended the TCP connection with a FIN, the ordinary way to end TCP, and no Close frame came before it.
            Neither side received a Close, so both report 1006. Nobody sent 1006: it is each library's own note that no Close frame
            came. A process that exits, code that closes the socket and forgets the WebSocket, and a proxy that ends an idle connection
            all look like this.
    }
    .headline = The connection ended from the server's side without a Close frame: 1006 on both sides

ending-dropped-rst-client =
    { $view ->
        [client]
            You reset the TCP connection (RST), and no Close frame had crossed. Neither side received a Close, so both report 1006. Nobody
            sent 1006: it is each library's own note that no Close frame came. The server's program may see a connection error as well.
       *[observer]
            The client's side reset the TCP connection (RST), and no Close frame had crossed. Neither side received a Close, so both
            report 1006. Nobody sent 1006: it is each library's own note that no Close frame came. The server's program may see a
            connection error as well.
    }
    .headline =
        { $view ->
            [client] You reset the connection without a Close frame: 1006 on both sides
           *[observer] The client's side reset the connection without a Close frame: 1006 on both sides
        }

ending-dropped-rst-server =
    { $view ->
        [client]
            The connection was reset (RST) from the server's side, and no Close frame had crossed. You received no Close, so you report
            1006; the server received none either, so it reports 1006 too. Nobody sent 1006: it is each library's own note that no Close
            frame came. A server that crashes or closes its socket with unread data looks like this, and so does a firewall or proxy
            between you that gives up the connection.
       *[observer]
            The connection was reset (RST) from the server's side, and no Close frame had crossed. Neither side received a Close, so both
            report 1006. Nobody sent 1006: it is each library's own note that no Close frame came. A server that crashes or closes its
            socket with unread data looks like this, and so does a firewall or proxy on the way that gives up the connection.
    }
    .headline = The connection was reset from the server's side without a Close frame: 1006 on both sides

ending-dropped-timeout =
    { $view ->
        [client]
            No Close frame crossed, and the connection did not end by itself in the time that was allowed, so it was given up on this
            side. Without a Close, both sides report 1006. Nobody sent 1006: it is each library's own note that no Close frame came.
       *[observer]
            No Close frame crossed, and the connection did not end by itself in the time that was allowed, so the recording side gave it
            up. Without a Close, both sides report 1006. Nobody sent 1006: it is each library's own note that no Close frame came.
    }
    .headline = Nothing ended the session in time, and it was given up without a Close frame: 1006

ending-dropped-local =
    { $view ->
        [client]
            You aborted the connection: TCP was ended on purpose, without a Close frame. Neither side received a Close, so both report
            1006. Nobody sent 1006: it is each library's own note that no Close frame came.
       *[observer]
            The recording side aborted the connection: TCP was ended on purpose, without a Close frame. Neither side received a Close, so
            both report 1006. Nobody sent 1006: it is each library's own note that no Close frame came.
    }
    .headline =
        { $view ->
            [client] You aborted the connection without a Close frame: 1006 on both sides
           *[observer] The recording side aborted the connection without a Close frame: 1006 on both sides
        }

## No session at all

ending-handshake-failed =
    { $view ->
        [client]
            There was a connection, but the upgrade from HTTP to WebSocket did not succeed. So there never was a session, and no Close
            frame could be sent by anyone. Your program is told 1006, the code for “no Close frame came”; the server's WebSocket code has
            nothing to report. The cause is in the HTTP answer: its status, its headers, and the start of its body.
       *[observer]
            There was a connection, but the upgrade from HTTP to WebSocket did not succeed. So there never was a session, and no Close
            frame could be sent by anyone. The client's program is told 1006, the code for “no Close frame came”; the server's WebSocket
            code has nothing to report. The cause is in the HTTP answer: its status, its headers, and the start of its body.
    }
    .headline = The upgrade to WebSocket failed: there was no session to close

ending-connect-failed-dns =
    { $view ->
        [client]
            The host name could not be turned into an address, so nothing was sent to any server. Your program is told 1006, which here
            says no more than “there was no Close frame”.
       *[observer]
            The host name could not be turned into an address, so nothing was sent to any server. The client's program is told 1006,
            which here says no more than “there was no Close frame”.
    }
    .headline = The host name could not be resolved

ending-connect-failed-tcp =
    { $view ->
        [client]
            No TCP connection could be made: the address answered with a refusal, or did not answer. No WebSocket bytes were sent. Your
            program is told 1006, which here says no more than “there was no Close frame”.
       *[observer]
            No TCP connection could be made: the address answered with a refusal, or did not answer. No WebSocket bytes were sent. The
            client's program is told 1006, which here says no more than “there was no Close frame”.
    }
    .headline = No TCP connection could be made

ending-connect-failed-proxy =
    { $view ->
        [client]
            The proxy was reached and did not open a way to the server, so no WebSocket bytes were sent. Your program is told 1006, which
            here says no more than “there was no Close frame”.
       *[observer]
            The proxy was reached and did not open a way to the server, so no WebSocket bytes were sent. The client's program is told
            1006, which here says no more than “there was no Close frame”.
    }
    .headline = The proxy did not open a way to the server

ending-connect-failed-tls =
    { $view ->
        [client]
            TCP was connected, but the TLS handshake failed, so no HTTP and no WebSocket bytes could follow. RFC 6455 keeps 1015 for
            this; nobody sent it. Browsers are meant to show their scripts 1006 instead, so that a page cannot probe the network
            around it.
       *[observer]
            TCP was connected, but the TLS handshake failed, so no HTTP and no WebSocket bytes could follow. RFC 6455 keeps 1015 for
            the client's report; nobody sent it. Browsers are meant to show their scripts 1006 instead, so that a page cannot probe
            the network around it.
    }
    .headline = The TLS handshake failed: 1015, reported on the client's side only

## Not ended yet

ending-open =
    { $view ->
        [client] No Close frame has crossed, and the connection has not ended. There is no code to report yet.
       *[observer]
            No Close frame has crossed, and no end of the connection is on record. Either the session is still open, or the log stops
            before its end. There is no code to report.
    }
    .headline =
        { $view ->
            [client] The session is open
           *[observer] No end on record
        }

# $first is the side whose Close crossed, or "none".
ending-cut-off =
    { $first ->
        [client] A Close of the client has crossed, and the recording stops before the server's answer.
        [server] A Close of the server has crossed, and the recording stops before the client's answer.
       *[none] No Close frame has crossed, and the recording stops before any end of the connection.
    } What came after that is not in this log, so nobody can say from it how the session ended.
    .headline = The recording stops before the session's end

# The same, where bytes were not recorded among which there may have been a Close.
ending-not-recorded =
    { $first ->
        [client] A Close of the client has crossed. Bytes of the server were not recorded, and its answer may be among them.
        [server] A Close of the server has crossed. Bytes of the client were not recorded, and its answer may be among them.
       *[none] No Close frame is in this recording. Bytes were not recorded at its end, and there may have been one among them.
    } So nobody can say from it how the session ended.
    .headline = What may have been the session's end was not recorded

ending-code-not-recorded =
    { $side ->
        [client] The client sent a Close that held a code. Its bytes were not recorded, so the code and what the server reports are not known.
       *[server] The server sent a Close that held a code. Its bytes were not recorded, so the code and what the client reports are not known.
    }
    .headline =
        { $side ->
            [client] The code of the client's Close was not recorded
           *[server] The code of the server's Close was not recorded
        }

# $holds is "code", "empty" or "half".
ending-closing-client =
    { $view ->
        [client]
            { $holds ->
                [code] You sent a Close that held { $first }.
                [half] You sent a Close with one byte of payload, which is half a code.
               *[empty] You sent an empty Close: length 0, no room for a code.
            } The server has not answered with its own Close yet, so you have no code to report. Until it does, the server may still send
            data.
       *[observer]
            { $holds ->
                [code] The client sent a Close that held { $first }.
                [half] The client sent a Close with one byte of payload, which is half a code.
               *[empty] The client sent an empty Close: length 0, no room for a code.
            } No Close from the server is on record, and no end of the connection, so the client has no code to report.
    }
    .headline =
        { $view ->
            [client] Closing: you sent a Close, and the server's is awaited
           *[observer] Closing: the client sent a Close, and the server's is not on record
        }

ending-closing-server =
    { $view ->
        [client]
            { $holds ->
                [code] The server sent a Close that held { $first }, so you will report { $first }.
                [half] The server sent a Close with one byte of payload, which is half a code.
               *[empty] The server sent an empty Close: length 0, no room for a code. So you will report 1005.
            } You have not answered with a Close of your own yet.
       *[observer]
            { $holds ->
                [code] The server sent a Close that held { $first }, so the client reports { $first }.
                [half] The server sent a Close with one byte of payload, which is half a code.
               *[empty] The server sent an empty Close: length 0, no room for a code. So the client reports 1005.
            } No Close from the client is on record, and no end of the connection.
    }
    .headline =
        { $view ->
            [client] Closing: the server sent a Close, and yours has not been sent
           *[observer] Closing: the server sent a Close, and the client's is not on record
        }

## Sentences that may follow an ending

ending-reason =
    { $view ->
        [client]
            { $side ->
                [client] The reason that you gave: “{ $reason }”.
               *[server] The reason that the server gave: “{ $reason }”.
            }
       *[observer]
            { $side ->
                [client] The reason that the client gave: “{ $reason }”.
               *[server] The reason that the server gave: “{ $reason }”.
            }
    }

ending-code-not-allowed =
    { $view ->
        [client]
            { $side ->
                [client] Your Close really held { $code } on the wire, and { $code } must not be in a Close frame.
               *[server] The server's Close really held { $code } on the wire, and { $code } must not be in a Close frame.
            }
       *[observer]
            { $side ->
                [client] The client's Close really held { $code } on the wire, and { $code } must not be in a Close frame.
               *[server] The server's Close really held { $code } on the wire, and { $code } must not be in a Close frame.
            }
    }
    The report shown here is the number as it was sent. A strict library treats it as a protocol error, answers with 1002, and may show
    its program 1002 or an error instead.

## The evidence: four rows

evidence-received =
    { $view ->
        [client] First Close that you received
       *[observer] First Close that the client received
    }
evidence-sent =
    { $view ->
        [client] Close that you sent
       *[observer] Close that the client sent
    }
    .remark =
        { $view ->
            [client] This is not what your own close event reports.
           *[observer] This is not what the client's own close event reports.
        }
evidence-order = Order and time
evidence-transport = How TCP ended

# $code is a code with its name; $reasoned says whether there is a reason.
evidence-close-code =
    { $code }{ $reasoned ->
        [yes] , reason “{ $reason }”
       *[no] , no reason
    }
evidence-close-empty = length 0: there is no room for a code
evidence-close-half = length 1: half a code, and a violation
evidence-close-not-recorded = its code was not recorded
evidence-close-none = none

evidence-order-none = No Close frame crossed.
evidence-order-one =
    { $view ->
        [client]
            { $first ->
                [client] You sent the only Close, { $at } s into the session.
               *[server] The server sent the only Close, { $at } s into the session.
            }
       *[observer]
            { $first ->
                [client] The client sent the only Close, { $at } s into the session.
               *[server] The server sent the only Close, { $at } s into the session.
            }
    }
evidence-order-both =
    { $view ->
        [client]
            { $first ->
                [client] You were first, { $at } s into the session. The server's Close came { $gap } later.
               *[server] The server was first, { $at } s into the session. Your Close followed { $gap } later.
            }
       *[observer]
            { $first ->
                [client] The client was first, { $at } s into the session. The server's Close followed { $gap } later.
               *[server] The server was first, { $at } s into the session. The client's Close followed { $gap } later.
            }
    }
evidence-order-frames =
    { $view ->
        [client]
            { $first ->
                [client] Between the two the server { $count ->
                        [0] sent no other frame
                        [one] still sent 1 frame
                       *[other] still sent { $count } frames
                    }.
               *[server] Between the two you { $count ->
                        [0] sent no other frame
                        [one] still sent 1 frame
                       *[other] still sent { $count } frames
                    }.
            }
       *[observer]
            { $first ->
                [client] Between the two the server { $count ->
                        [0] sent no other frame
                        [one] still sent 1 frame
                       *[other] still sent { $count } frames
                    }.
               *[server] Between the two the client { $count ->
                        [0] sent no other frame
                        [one] still sent 1 frame
                       *[other] still sent { $count } frames
                    }.
            }
    }
evidence-order-frames-unanswered =
    { $view ->
        [client]
            { $first ->
                [client] After it the server { $count ->
                        [0] sent no other frame
                        [one] still sent 1 frame
                       *[other] still sent { $count } frames
                    }, and no Close.
               *[server] After it you { $count ->
                        [0] sent no other frame
                        [one] still sent 1 frame
                       *[other] still sent { $count } frames
                    }, and no Close.
            }
       *[observer]
            { $first ->
                [client] After it the server { $count ->
                        [0] sent no other frame
                        [one] still sent 1 frame
                       *[other] still sent { $count } frames
                    }, and no Close.
               *[server] After it the client { $count ->
                        [0] sent no other frame
                        [one] still sent 1 frame
                       *[other] still sent { $count } frames
                    }, and no Close.
            }
    }
evidence-order-may-have-crossed =
    A Close does not say whether it answers another: as these two differ, they may also have been sent at the same time and crossed on the
    way.

## How TCP ended

transport-not-ended =
    { $view ->
        [client] It has not ended yet.
       *[observer] Its end is not on record.
    }
transport-never-was = There was no TCP connection.
transport-without-session = TCP was connected, and its end is not on record.
transport-fin =
    { $view ->
        [client]
            { $side ->
                [client] You ended it first, with a FIN.
               *[server] The server's side ended it first, with a FIN.
            }
       *[observer]
            { $side ->
                [client] The client's side ended it first, with a FIN.
               *[server] The server's side ended it first, with a FIN.
            }
    }
transport-rst =
    { $view ->
        [client]
            { $side ->
                [client] You reset it (RST).
               *[server] It was reset (RST) from the server's side.
            }
       *[observer]
            { $side ->
                [client] It was reset (RST) from the client's side.
               *[server] It was reset (RST) from the server's side.
            }
    }
transport-timeout =
    { $view ->
        [client]
            { $side ->
                [client] The server did not end it in time; you stopped waiting.
               *[server] The client did not end it in time; the server's side stopped waiting.
            }
       *[observer]
            { $side ->
                [client] The server did not end it in time; the client's side stopped waiting.
               *[server] The client did not end it in time; the server's side stopped waiting.
            }
    }
transport-local =
    { $view ->
        [client]
            { $side ->
                [client] You ended it on purpose.
               *[server] It was ended on purpose on the server's side.
            }
       *[observer]
            { $side ->
                [client] It was ended on purpose on the client's side.
               *[server] It was ended on purpose on the server's side.
            }
    }
transport-second-fin =
    { $view ->
        [client]
            { $side ->
                [client] You followed with a FIN.
               *[server] The server's side followed with a FIN.
            }
       *[observer]
            { $side ->
                [client] The client's side followed with a FIN.
               *[server] The server's side followed with a FIN.
            }
    }
transport-second-rst =
    { $view ->
        [client]
            { $side ->
                [client] Then you reset it (RST).
               *[server] Then a reset (RST) came from the server's side.
            }
       *[observer]
            { $side ->
                [client] Then a reset (RST) came from the client's side.
               *[server] Then a reset (RST) came from the server's side.
            }
    }
transport-second-timeout =
    { $view ->
        [client]
            { $side ->
                [client] The other half did not end in time; you stopped waiting.
               *[server] The other half did not end in time; the server's side stopped waiting.
            }
       *[observer]
            { $side ->
                [client] The other half did not end in time; the client's side stopped waiting.
               *[server] The other half did not end in time; the server's side stopped waiting.
            }
    }
transport-second-local =
    { $view ->
        [client]
            { $side ->
                [client] You ended the other half.
               *[server] The server's side ended the other half.
            }
       *[observer]
            { $side ->
                [client] The client's side ended the other half.
               *[server] The server's side ended the other half.
            }
    }
transport-server-first = After two Close frames that is the server's task (RFC 6455 7.1.1).
transport-client-first =
    That is allowed once both Close frames have crossed; RFC 6455 7.1.1 asks the server to go first, so that the waiting time after the end
    (TIME_WAIT) falls on the server and not on the client.
transport-reset-caution =
    A reset can throw away bytes that had arrived and were not read yet, so a program that was sent a Close just before it may have been told
    1006 all the same.

## The verdict: two separate axes

axis-code = Code
    .none = none yet
    .no-code = none
    .not-known = not known
    .two-reports = client { $client }, server { $server }
    .of-side =
        { $view ->
            [client] The number comes from the first Close that you received, and from nothing else: not from what you sent, and not from how
                TCP ended.
           *[observer] Each side's number comes from the first Close that this side received, and from nothing else: not from what it sent, and
                not from how TCP ended.
        }
    .no-status = 1005 says one thing only: the Close that arrived held no code. It is neither a success nor a failure.
    .abnormal = 1006 says one thing only: no Close frame arrived. It does not say whose doing that was.
    .tls = 1015 says one thing only: the TLS handshake failed, so that nothing could be exchanged.
    .pending = There is a number once a Close has been received or the connection has ended.
    .cut-off = The recording stops before a Close was received and before the connection ended.
    .not-recorded = The bytes that may have held a Close, or its code, were not recorded.

axis-clean = Clean
    .yes = yes
    .no = no
    .open = not decided
    .both = Both sides sent a Close frame. That is all that “clean” means; it does not depend on the code, so 1005 can be clean and 1011 can be clean.
    .only-client =
        { $view ->
            [client] Only you sent a Close frame; the server's did not come. “Clean” needs both.
           *[observer] Only the client sent a Close frame; the server's did not come. “Clean” needs both.
        }
    .only-server =
        { $view ->
            [client] Only the server sent a Close frame; yours was not sent. “Clean” needs both.
           *[observer] Only the server sent a Close frame; the client's was not sent. “Clean” needs both.
        }
    .neither = Neither side sent a Close frame. “Clean” needs both.
    .no-session = There was no session, so there was nothing to close cleanly.
    .pending = A close is clean once both sides have sent a Close frame.
    .cut-off = The recording stops before the end: whether both sides sent a Close frame is not known.
    .not-recorded = Bytes were not recorded among which there may have been a Close frame: whether both sides sent one is not known.

## What each side reports, and why. $code is the report.

report-client-code =
    { $view ->
        [client] The first Close that you received held { $code }.
       *[observer] The first Close that the client received held { $code }.
    }
report-client-empty =
    { $view ->
        [client] The first Close that you received was empty. Your library made up 1005 to say so; the server did not send it.
       *[observer] The first Close that the client received was empty. The client's library makes up 1005 to say so; the server did not send it.
    }
report-client-half =
    { $view ->
        [client] The first Close that you received held one byte, which is no code. Strict libraries report an error here.
       *[observer] The first Close that the client received held one byte, which is no code. Strict libraries report an error here.
    }
report-client-nothing =
    { $view ->
        [client] You received no Close before the connection ended. Your library made up 1006 to say so.
       *[observer] The client received no Close before the connection ended. Its library makes up 1006 to say so.
    }
report-client-tls =
    { $view ->
        [client] The TLS handshake failed. The number is for your program only (browsers are meant to show 1006).
       *[observer] The TLS handshake failed. The number is for the client's program only (browsers are meant to show 1006).
    }
report-client-no-session =
    { $view ->
        [client] There was no session, so no Close could arrive. Your library makes up 1006 to say so.
       *[observer] There was no session, so no Close could arrive. The client's library makes up 1006 to say so.
    }
report-client-pending =
    { $view ->
        [client] Nothing yet: you have received no Close, and the connection has not ended.
       *[observer] Nothing: no Close to the client and no end of the connection is on record.
    }
report-client-cut-off = Not known: the recording stops before the client received a Close or the connection ended.
report-server-cut-off = Not known: the recording stops before the server received a Close or the connection ended.
report-client-not-recorded = Not known: bytes were not recorded among which there may have been a Close for the client.
report-server-not-recorded = Not known: bytes were not recorded among which there may have been a Close for the server.
report-client-code-not-recorded = Not known: the first Close that the client received held a code, and its bytes were not recorded.
report-server-code-not-recorded = Not known: the first Close that the server received held a code, and its bytes were not recorded.
report-server-code =
    { $view ->
        [client] The first Close that the server received was yours, and it held { $code }.
       *[observer] The first Close that the server received held { $code }.
    }
report-server-empty =
    { $view ->
        [client] The first Close that the server received was yours, and it was empty. The server's library makes up 1005 to say so; you did not send it.
       *[observer] The first Close that the server received was empty. The server's library makes up 1005 to say so; the client did not send it.
    }
report-server-half =
    { $view ->
        [client] The first Close that the server received was yours, and it held one byte, which is no code. Strict libraries report an error here.
       *[observer] The first Close that the server received held one byte, which is no code. Strict libraries report an error here.
    }
report-server-nothing =
    { $view ->
        [client] The server received no Close from you before the connection ended. Its library makes up 1006 to say so.
       *[observer] The server received no Close before the connection ended. Its library makes up 1006 to say so.
    }
report-server-no-connection = The server saw no connection that it could report on.
report-server-no-session = The server had no WebSocket session, so its WebSocket code has nothing to report.
report-server-pending =
    { $view ->
        [client] Nothing yet: the server has received no Close from you, and the connection has not ended.
       *[observer] Nothing: no Close to the server and no end of the connection is on record.
    }

## What to do next

next-nothing-client =
    { $view ->
        [client] Nothing to fix. If you did not mean to close, look for an early close() in your own program: the first Close was yours.
       *[observer] Nothing to fix. If the end came too early, look for an early close() in the client's program: the first Close was the client's.
    }
next-nothing-server =
    Nothing to fix. If the end came too early, look for an early close() in the server's program: the first Close was the server's.
next-empty-first-client =
    { $view ->
        [client] To avoid 1005, give a code when you close: close(1000, "done") and not close() without arguments. It is your first Close that was empty; the server only echoed it or answered it.
       *[observer] To avoid 1005, let the client's program give a code when it closes: close(1000, "done") and not close() without arguments. The first Close, the client's, was the empty one.
    }
next-empty-first-server =
    To avoid 1005, let the server's program give a code when it closes: close(1000, "done") and not a close function without arguments. If that
    is not your code, nothing needs to be done: an empty Close is allowed.
next-empty-reply-client =
    { $view ->
        [client] Your answer to the server's code was empty, so the server logs 1005. An answer normally repeats the code that it received (RFC 6455 5.5.1): look at what answers a Close in your library.
       *[observer] The client's answer to the server's code was empty, so the server logs 1005. An answer normally repeats the code that it received (RFC 6455 5.5.1): look at what answers a Close in the client's library.
    }
next-empty-reply-server =
    The server's answer was empty although it was sent a code. An answer normally repeats the code that it received (RFC 6455 5.5.1): look at
    the server's close handler, or at a proxy that answers for it.
next-log-both =
    Log the code that was sent and the code that was received as two values, on both sides: one number alone cannot tell who closed, or with what.
next-no-reply-client =
    { $view ->
        [client] Answer a Close with a Close before you end the connection: most libraries do so when the program goes on reading until the end.
       *[observer] The client should answer a Close with a Close before it ends the connection: most libraries do so when the program goes on reading until the end.
    }
next-no-reply-server =
    Look at what the server does when a Close arrives: it should answer with its own Close and then end TCP. A server that stopped reading, or
    a proxy that forwards no Close, looks the same from here.
next-half-code = Look at the code that builds the Close payload: it takes both bytes of the code, high byte first, or none at all.
next-code-not-allowed = Look for the place where the number is passed to the close function: 1005, 1006 and 1015 are for reading, never for sending.
next-dropped-fin-client =
    { $view ->
        [client] Close the WebSocket before you let go of the connection: send a Close with 1000 and read until the server's Close has come.
       *[observer] Look at how the client's program ends: it should close the WebSocket, with 1000, before it lets go of the connection.
    }
next-dropped-server = Look at the server's log at this moment for an exit, an error or a restart, and at proxies on the way for idle timeouts.
next-keep-alive = If the session was idle before it ended, let one side send a Ping every 20 to 30 seconds, so that proxies see traffic.
next-dropped-rst-client =
    { $view ->
        [client] A reset gives the server no chance to tell an end from a fault: use it for tests, and a Close with 1000 otherwise.
       *[observer] A reset from the client's side often means that its program was killed, or closed its socket with data unread.
    }
next-dropped-timeout = If an end was expected, look at why neither side closed: a Close that is never sent leaves both waiting.
next-cut-off = Look for a longer recording of this session. The program that wrote this one was stopped, or the file was cut off on its way here.
next-not-recorded =
    Record the session again with everything in it. A capture cuts packets short when it was told to (let tcpdump take `-s 0`), and loses some
    when it cannot keep up; the findings named bytes-missing and frames-missing say where this one does.
next-dropped-local = Nothing to fix: the abort was asked for. To end a session in good order, close it with 1000 instead.
next-handshake-failed =
    Read the HTTP answer: a status other than 101 names the cause (401 and 403: authorization; 404: the path; 426: the version; 3xx: another
    address; 5xx: the server or a proxy). With a 101, look at the findings for the header that is missing or wrong.
next-connect-failed-dns = Check the spelling of the host name, and whether other programs on this machine can resolve it.
next-connect-failed-tcp = Check the port, whether the server is running and listens on this address, and firewalls on the way.
next-connect-failed-proxy =
    Check the proxy's address and credentials, and whether its rules allow this host and port. A server that can be reached directly needs no
    proxy: name it in NO_PROXY, or choose the direct way.
next-connect-failed-tls =
    Check the certificate's names, dates and issuer, and that the port speaks TLS at all. A private authority needs its CA certificate to be
    trusted on this side.
next-closing-client = Wait for the server's Close. A server that never sends one can be left by ending the connection; the report is then 1006.
next-closing-server =
    { $view ->
        [client] Answer with a Close of your own, normally with the code that you received.
       *[observer] The client should answer with a Close of its own, normally with the code that it received.
    }

## Why did I see this? Causes of an end, told for both sides; $side is the side that did it, and “clue-...” is what speaks for it

diagnosis = Why did I see this?
    .none = None of the causes that are known here fits this session.
    .open = The session has not ended, so there is nothing to diagnose yet.
    .cut-off = The recording stops before the end, so the cause is not on record.
    .not-recorded = What may have been the end was not recorded, and with it the cause.
    .certain = seen
    .likely = likely
    .possible = possible
    .for-client = For the client's side
    .for-server = For the server's side
    .frame = frame { $number }

clue-close-code =
    The Close of the { $side ->
        [client] client
       *[server] server
    } holds { $code }{ $reasoned ->
        [yes] , with the reason “{ $reason }”
       *[no] , without a reason
    }.
clue-close-empty =
    The Close of the { $side ->
        [client] client
       *[server] server
    } is empty: length 0.
clue-close-half =
    The Close of the { $side ->
        [client] client
       *[server] server
    } has one byte.
clue-close-not-recorded =
    The code of the Close of the { $side ->
        [client] client
       *[server] server
    } was not recorded.
clue-answered = It came { $gap } after the other one.
clue-gap-and-round-trip = The second Close came { $gap } after the first; an answer takes { $roundtrip } here, so it cannot be one.
clue-codes-differ = Two Close frames with different codes may also have crossed on the way: a Close does not say whether it is an answer.
clue-silence = Nothing was sent for { $silence } before the end.
clue-known-limit =
    { $seconds ->
        [55] 55 s is the limit of Heroku's router.
        [60] 60 s is the default of nginx (proxy_read_timeout) and of AWS application load balancers.
        [100] 100 s is Cloudflare's limit.
        [240] 240 s is the default of Azure's load balancer.
        [350] 350 s is the limit of AWS network load balancers.
        [600] 600 s is the limit of Google Cloud's firewall.
       *[other] { $seconds } s is a round number, as people choose for a limit.
    }
clue-last-frame =
    The last frame of the { $side ->
        [client] client
       *[server] server
    } came { $before } before the end: { $length } bytes.
clue-message =
    The { $side ->
        [client] client
       *[server] server
    } sent a { $kind ->
        [text] text
       *[binary] binary
    } message of { $length } bytes { $before } before.
clue-no-frames = The session had lasted { $lasted }, and no frame was sent.
clue-ping =
    A Ping of the { $side ->
        [client] client
       *[server] server
    } waited { $waited } for its Pong, in vain.
clue-reason-says = The reason speaks of it: “{ $reason }”.
clue-fin =
    TCP was ended with a FIN from the { $side ->
        [client] client's
       *[server] server's
    } side.
clue-rst =
    TCP was reset from the { $side ->
        [client] client's
       *[server] server's
    } side.
clue-timeout =
    The { $side ->
        [client] client
       *[server] server
    } stopped waiting.
clue-local = The connection was ended on purpose on the recording side.
clue-status = The answer's status is { $status } { $words }.
clue-no-answer = No HTTP answer is on record.
clue-known-use = { $by } documents { $code }: { $meaning }

cause-finished =
    { $side ->
        [client] The client
       *[server] The server
    } was done and closed with { $code }
    .client =
        Nothing to do. If the end came too early, look for the close() { $side ->
            [client] in the client's own program
           *[server] on the server
        }.
    .server =
        Nothing to do. If the end came too early, look for the close() { $side ->
            [client] in the client's program
           *[server] in the server's own program
        }.

cause-empty-close =
    { $side ->
        [client] The client
       *[server] The server
    } closed without giving a code
    .client =
        { $side ->
            [client] Give a code when closing: close(1000, "done"). Until then the server logs 1005.
           *[server]
                1005 stands for the server's empty Close and is no fault of the client. Ask for a code on the server's side if you need
                one.
        }
    .server =
        { $side ->
            [client] 1005 stands for the client's empty Close and is no fault of the server. Do not log it as an error.
           *[server] Give a code when closing: close(1000, "done"). Until then the client is told 1005.
        }

cause-reply-lost-code =
    { $side ->
        [client] The client
       *[server] The server
    } was sent { $code } and answered without a code
    .client =
        { $side ->
            [client] Look at what answers a Close here: it should repeat the code. The server logs 1005 because of it.
           *[server] The 1005 comes from the server's answer, or from a proxy that answers for it; the code that was sent was right.
        }
    .server =
        { $side ->
            [client] The 1005 comes from the client's answer; the code that was sent was right. Log the code that was sent beside it.
           *[server]
                Look at the close handler here, and at proxies in front of it: the answer should repeat the code. The client is told 1005
                because of it.
        }

cause-reply-changed-code =
    { $side ->
        [client] The client
       *[server] The server
    } answered { $code } with another code, { $reply }
    .client =
        { $side ->
            [client]
                The library here answers with a code of its own; websocket-client and aiohttp, for example, always answer 1000. Log the
                code that was received, not the one that was sent.
           *[server] The server's answer is no reason of its own: the reason is the code that the client sent. Log both.
        }
    .server =
        { $side ->
            [client]
                The client's answer is no reason of its own: some libraries always answer 1000. The reason is the code that the server
                sent. Log both.
           *[server] The library here answers with a code of its own. The client is told { $reply } because of it.
        }

cause-closes-crossed = Both sides closed at the same time, and their Close frames crossed
    .client =
        Neither Close answers the other, so both codes are reasons: { $code } is why one side closed, { $reply } why the other did. Treat
        either as an end.
    .server =
        Neither Close answers the other, so both codes are reasons: { $code } is why one side closed, { $reply } why the other did. Treat
        either as an end.

cause-half-code =
    { $side ->
        [client] The client
       *[server] The server
    } sent a Close with one byte, which is half a code
    .client =
        { $side ->
            [client] Correct what builds the Close: two bytes for the code, the high one first, or none at all.
           *[server] The client cannot mend this; the number that it is told depends on how strict its library is.
        }
    .server =
        { $side ->
            [client] The server cannot mend this; the number that it is told depends on how strict its library is.
           *[server] Correct what builds the Close: two bytes for the code, the high one first, or none at all.
        }

cause-code-not-allowed =
    { $side ->
        [client] The client
       *[server] The server
    } sent { $code }, which that side must not put into a Close frame
    .client =
        { $side ->
            [client]
                Find where the number is passed to the close function: numbers that a program reads from a close event are often passed
                on to the next one.
           *[server] A strict library shows 1002 or an error here instead of { $code }. Tell the people of the server.
        }
    .server =
        { $side ->
            [client] A strict library shows 1002 or an error here instead of { $code }. Tell the people of the client.
           *[server]
                Find where the number is passed to the close function: numbers that a program reads from a close event are often passed
                on to the next one.
        }

cause-close-unanswered =
    { $side ->
        [client] The client
       *[server] The server
    } did not answer the other side's Close
    .client =
        { $side ->
            [client] Go on reading until the end: most libraries answer a Close only while the program reads. The server reports 1006.
           *[server] You report 1006 although your Close was right. Wait a few seconds for an answer, then end TCP.
        }
    .server =
        { $side ->
            [client] You report 1006 although your Close was right. Wait a few seconds for an answer, then end TCP.
           *[server]
                Look at what happens when a Close arrives: answer it, then end TCP. A proxy in between that forwards no Close looks the
                same.
        }

cause-closer-did-not-wait =
    { $side ->
        [client] The client
       *[server] The server
    } sent a Close and ended TCP without waiting for the answer
    .client =
        { $side ->
            [client] After close(), wait for the close event before you drop the connection or exit. You report 1006 for want of that.
           *[server] Nothing to do: the Close arrived. The server did not wait for the answer and reports 1006.
        }
    .server =
        { $side ->
            [client] Nothing to do: the Close arrived. The client did not wait for the answer and reports 1006.
           *[server]
                Wait for the client's Close before you end TCP; a time limit of a few seconds is enough. You report 1006 for want of
                that.
        }

cause-server-going-away = The server is shutting down or was deployed anew
    .client = Connect again after a pause that differs between clients, and ask for what was missed.
    .server = A planned end needs no alarm. Stop taking new sessions first, and spread the closing over some seconds.

cause-page-left = The client went away: a page was left, or its program ended in good order
    .client = Nothing to fix. Browsers send 1001 when a page is closed, reloaded or left.
    .server = Nothing to fix: treat it as an ordinary end.

cause-protocol-violation =
    { $side ->
        [client] The client
       *[server] The server
    } broke a rule of the protocol
    .client =
        { $side ->
            [client] The finding below names the frame and the rule. Look at the client's library, or at the code that writes frames itself.
           *[server] The finding below names the frame and the rule. Report it with its bytes to the people of the server.
        }
    .server =
        { $side ->
            [client] The finding below names the frame and the rule. Report it with its bytes to the people of the client.
           *[server] The finding below names the frame and the rule. Look at the server's library, or at a proxy that changes frames.
        }

cause-protocol-error-claimed =
    { $side ->
        [client] The server
       *[server] The client
    } says that { $side ->
        [client] the client
       *[server] the server
    } broke the protocol, and no broken rule is on record
    .client =
        Compare what both libraries support: a subprotocol or an extension that only one side believes in looks like this. The frame
        before the Close is the first suspect.
    .server =
        Compare what both libraries support: a subprotocol or an extension that only one side believes in looks like this. The frame
        before the Close is the first suspect.

cause-unsupported-data =
    { $side ->
        [client] The client
       *[server] The server
    } sent a type of message that the other side does not take
    .client =
        { $side ->
            [client] Send text where text is wanted, and binary where binary is: look at the type of the last message.
           *[server] The client's own program refused the type. Let it take both, or ask the server for the other one.
        }
    .server =
        { $side ->
            [client] Say in the reason which type is wanted, or take both.
           *[server] Send text where text is wanted, and binary where binary is: look at the type of the last message.
        }

cause-invalid-utf8 =
    { $side ->
        [client] The client
       *[server] The server
    } sent text that is not UTF-8
    .client =
        { $side ->
            [client] Encode text as UTF-8, or send it as a binary message; do not cut it inside a character.
           *[server] The text comes from the server. Report the place of the first wrong byte.
        }
    .server =
        { $side ->
            [client] The text comes from the client. Report the place of the first wrong byte.
           *[server] Encode text as UTF-8, or send it as a binary message; do not cut it inside a character.
        }

cause-broken-compression =
    { $side ->
        [client] The client
       *[server] The server
    } sent compressed data that cannot be inflated
    .client =
        Turn permessage-deflate off to see whether the rest works, then look at the library of the sending side, or at a proxy that
        changes payloads.
    .server =
        Turn permessage-deflate off to see whether the rest works, then look at the library of the sending side, or at a proxy that
        changes payloads.

cause-content-refused =
    { $side ->
        [client] The server
       *[server] The client
    } refused the content of a message of { $side ->
        [client] the client
       *[server] the server
    }
    .client = The bytes are valid by the protocol, so the application's own check failed. Look at the last message before the Close.
    .server = The bytes are valid by the protocol, so the application's own check failed. Say in the reason what was wrong.

cause-policy =
    { $side ->
        [client] The server
       *[server] The client
    } has a rule against what { $side ->
        [client] the client
       *[server] the server
    } did
    .client =
        { $side ->
            [client] Read the reason and the documentation of the service. Connecting again at once seldom helps.
           *[server] The rule is the client's own. Look at what its program checks.
        }
    .server =
        { $side ->
            [client] Name the rule in the reason, so that the client's people need not guess.
           *[server] Look at what the client's program checks, and at the last message.
        }

cause-authorization =
    { $side ->
        [client] The client
       *[server] The server
    } was not authorized, or no longer
    .client =
        Renew the credentials before you connect again; the same ones will be refused again. A token that expires during a session needs
        a renewal inside it.
    .server =
        Say in the reason whether credentials are missing, wrong, expired, or do not suffice. Check them at the upgrade where you can: a
        status 401 is understood by more programs.

cause-rate-limit =
    { $side ->
        [client] The client
       *[server] The server
    } sent too much in too little time
    .client = Send less, or spread it, and wait before connecting again: longer each time.
    .server = Say the limit in the reason and in the documentation. Dropping messages may serve better than closing.

cause-too-late =
    { $side ->
        [client] The client
       *[server] The server
    } took too long to send what the other side was waiting for
    .client = Look at what the service waits for after the upgrade, often a first message with credentials, and send it at once.
    .server = Say in the reason what was awaited, and for how long.

cause-message-too-big =
    { $side ->
        [client] The client
       *[server] The server
    } sent a message that is larger than the other side takes
    .client =
        { $side ->
            [client] Send smaller messages. Fragments do not help where the limit is on the whole message.
           *[server] Raise the limit of the client's library, or ask the server for smaller messages.
        }
    .server =
        { $side ->
            [client] Raise the limit if such messages are meant to be taken, and say it in the reason. Proxies have limits of their own.
           *[server] Send smaller messages, or agree on a higher limit with the people of the client.
        }

cause-extension-missing = The client needs an extension that the server did not agree to
    .client = Let the client do without the extension, or enable it on the server.
    .server = Enable the extension, or look for a proxy that removes Sec-WebSocket-Extensions.

cause-internal-error =
    { $side ->
        [client] The client
       *[server] The server
    } met an error of its own
    .client =
        { $side ->
            [client] Look for the exception in the client's log at this moment.
           *[server] Connect again after a pause. If it happens again after the same kind of message, report that message.
        }
    .server =
        { $side ->
            [client] Look at what the client was sent last; its own log has the error.
           *[server] Look for the exception in the server's log at this moment, and at the last message that came.
        }

cause-service-restart = The service restarts
    .client = Connect again after a random 5 to 30 seconds, so that not all clients come at once.
    .server = Expect all clients back within half a minute; check that they come.

cause-overload =
    { $side ->
        [client] The client
       *[server] The server
    } is overloaded
    .client = Come back later, with pauses that grow.
    .server = Look at the load and the limits at this moment.

cause-bad-gateway = A gateway in front of the server lost the server behind it
    .client = Connect again after a pause; the client can do nothing else.
    .server = Look at the gateway's log, then at the server behind it: it exited, refused, or answered something else than WebSocket.

cause-private-code =
    { $side ->
        [client] The client
       *[server] The server
    } closed with { $code } for a reason of its own
    .client =
        { $side ->
            [client] The number means what this client's program says: look at the place that closes.
           *[server] Read the documentation of the service, and the reason.
        }
    .server =
        { $side ->
            [client] Ask the people of the client what the number means to them.
           *[server] The number means what this server's program says: look at the place that closes. Send a reason with it.
        }

cause-idle-limit =
    { $side ->
        [client] The client
       *[server] The server
    } closes sessions in which nothing happens for { $seconds } seconds
    .client = Send a Ping or a small message well within { $seconds } seconds, or connect again when there is something to say.
    .server = If clients are meant to stay, raise the limit or send Pings from here.

cause-proxy-time-out = A proxy or load balancer ended the connection after { $seconds } seconds without traffic
    .client =
        Let one side send a Ping every 20 to 30 seconds, and connect again when the connection is lost. Neither program did anything
        wrong.
    .server =
        Send Pings every 20 to 30 seconds, or raise the idle limit of the proxy in front. The server sees 1006 too, and did nothing
        wrong.

cause-keep-alive-unanswered =
    { $side ->
        [client] The client
       *[server] The server
    } did not answer a keep-alive, so the other side gave the connection up
    .client =
        { $side ->
            [client]
                The client was asleep, blocked, or off the network: a Pong needs a program that reads. Look for long work on the thread
                that reads.
           *[server] The server or the network behind it did not answer in time. Connect again.
        }
    .server =
        { $side ->
            [client] The client was gone without a word. Nothing to fix here; a longer limit helps clients that are only slow.
           *[server] The server did not answer in time: look for long work on the thread that reads, and at its load.
        }

cause-fin-without-close =
    { $side ->
        [client] The client
       *[server] The server
    } ended TCP with a FIN and sent no Close
    .client =
        { $side ->
            [client]
                Close the WebSocket before the program ends or the object is dropped: close(1000, "done"), then wait for the close event.
           *[server]
                Connect again after a pause. The server's log has the cause: an exit, an error, or a socket that was closed under the
                WebSocket.
        }
    .server =
        { $side ->
            [client]
                The client's program ended without saying so: a closed laptop, a killed process, or a connection object that was dropped.
                Nothing to fix here.
           *[server] Look at the server's log at this moment: an exit, an error, or code that closes the socket and forgets the WebSocket.
        }

cause-reset-with-data-in-flight =
    { $side ->
        [client] The client
       *[server] The server
    } reset the connection while data was on its way to it
    .client =
        { $side ->
            [client]
                Read what has arrived before you end the connection: a socket that is closed with unread data sends a reset, and the
                server may lose your last message.
           *[server]
                The last message may not have been read. The server crashed, or closed its socket with data unread: its log has the
                cause.
        }
    .server =
        { $side ->
            [client] The client was killed, or closed its socket with data unread. What was sent last may not have been read.
           *[server] Look for a crash, or for code that closes a socket with data unread: then the system sends a reset instead of a FIN.
        }

cause-reset-without-data =
    { $side ->
        [client] The client
       *[server] The server
    } reset the connection, and nothing was on its way
    .client =
        { $side ->
            [client] Was the reset wanted? It lets the server tell no end from a fault; close with 1000 instead.
           *[server]
                A killed process, or a firewall or load balancer that forgot the connection and answers with a reset. Pings keep such
                things awake.
        }
    .server =
        { $side ->
            [client] A killed process, or a device on the way that forgot the connection.
           *[server] Look for a killed process at this moment, and for firewalls and load balancers that forget idle connections.
        }

cause-cut-inside-message =
    { $side ->
        [client] The client
       *[server] The server
    } stopped in the middle of what it was sending
    .client =
        { $side ->
            [client] The client's program ended or gave up while it was sending. Wait until a message is out before you close.
           *[server] Throw the unfinished message away and connect again. The server ended while it was sending.
        }
    .server =
        { $side ->
            [client] Throw the unfinished message away. The client ended or lost its network while it was sending.
           *[server] The server ended or gave up while it was sending: look for an exit or a time limit on writing.
        }

cause-ended-at-once =
    { $side ->
        [client] The client
       *[server] The server
    } ended the session as soon as it was open
    .client =
        { $side ->
            [client] The client's program let go of the connection at once: an object that was dropped, or an error right after connecting.
           *[server] The server's handler failed or refused right after the upgrade. Look at credentials, path and subprotocol.
        }
    .server =
        { $side ->
            [client] The client's program let go at once. Look at how often, and from where.
           *[server]
                Look for an exception at the start of the connection handler. To refuse, answer the upgrade with a status, or close with
                a code.
        }

cause-aborted-here = The recording side ended the connection on purpose
    .client = Nothing to fix. To end in good order, close with 1000.
    .server = Nothing to fix: the end was made on the recording side.

cause-gave-up-waiting = Nobody ended the session in the time that was allowed
    .client = If an end was expected, look at which side should have sent the first Close.
    .server = If an end was expected, look at which side should have sent the first Close.

cause-name-not-resolved = The host name in the client's address does not exist, or its name server is not reached
    .client = Check the spelling, and whether other programs on this machine resolve the name.
    .server = Check the DNS records of the name. Nothing of this reached the server.

cause-no-tcp-connection = Nothing listens at the address, or a firewall is in between
    .client = Check the port, and try the address from another network.
    .server = Check that the server runs, and listens on this address and not on 127.0.0.1 only.

cause-way-not-opened = The proxy on the client's side did not open a way to the server
    .client = Check the proxy's credentials and rules, or go around it with NO_PROXY.
    .server = Nothing of this reached the server.

cause-tls-failed = The TLS handshake failed: the server's certificate is not accepted, or the port does not speak TLS
    .client = The problem below names the cause. Browsers show 1006 to their scripts in this case.
    .server = Check the certificate's names, dates and chain. The server's WebSocket code is not told of this.

cause-upgrade-unanswered = The connection ended before the upgrade was answered
    .client = Try again; if it stays, the server or a proxy drops the request: look at the path and at limits on connections.
    .server = Look for an exit, or a limit on connections, at this moment. The request may not have reached the program.

cause-upgrade-unauthorized = The client was not authorized: the upgrade was answered with { $status }
    .client =
        Send credentials with the upgrade: a header, a cookie, or a token in the address, as the service documents it. Browsers cannot
        set headers here.
    .server = Nothing to fix if credentials were really missing. Browsers can send cookies and subprotocols, and no other header.

cause-upgrade-forbidden = The client may not connect: the upgrade was answered with { $status }
    .client = Check the Origin that is sent, the account's permissions, and whether a firewall for web applications answers.
    .server = Check the list of allowed origins, and rules in front of the server.

cause-upgrade-no-such-path = The path in the client's address takes no WebSocket: the upgrade was answered with { $status }
    .client = Check the path, and a slash at its end.
    .server = Check the routes, also those of a proxy in front that may cut or add a prefix.

cause-upgrade-redirected = The server sent the client to another address, with { $status }
    .client = Connect to the new address; browsers and most libraries do not follow redirections of an upgrade.
    .server = Give clients the final address: most do not follow. Often http is being sent to https, or a slash is added.

cause-upgrade-bad-request = The upgrade request did not suit the server: { $status }
    .client = Compare the request's headers with what is needed; a proxy that removes Upgrade or Connection causes this too.
    .server = A proxy in front must pass Upgrade and Connection on, and speak HTTP/1.1 to the server.

cause-upgrade-overloaded = The server takes no more sessions right now: { $status }
    .client = Wait, longer each time, and try again; a Retry-After header says how long.
    .server = Look at limits on connections and at the load.

cause-upgrade-server-error = The server failed while it handled the upgrade: { $status }
    .client = Try again after a pause, and report the time.
    .server = Look for the exception in the server's log at this moment.

cause-upgrade-bad-gateway = A proxy in front did not reach the server: { $status }
    .client = Try again after a pause; the client can do nothing else.
    .server = Look at the proxy's log: the server behind it is down, slow, or at another address.

cause-upgrade-not-a-websocket = An ordinary web server answered, with { $status }: it does not know the upgrade
    .client = Check host, port and path: this is a page, not a WebSocket.
    .server = A proxy that does not pass Upgrade on, or a route that leads to a page, looks like this.

cause-upgrade-answer-wrong = The server's 101 is not a valid answer to this upgrade
    .client = The finding below names what is missing or wrong. Strict clients must refuse it.
    .server = Correct the answer, or look for a cache or proxy that gives an old one.

cause-not-http =
    { $side ->
        [client] The client
       *[server] The server
    } does not speak HTTP on this connection
    .client =
        { $side ->
            [client] The bytes are no upgrade request. Look at what connects here.
           *[server] Check the port, and whether it wants TLS: then write wss:// instead of ws://.
        }
    .server =
        { $side ->
            [client] Something else than a WebSocket client connects here, such as a TLS client or a health check.
           *[server] Check what listens on this port.
        }

## Facts about codes

fact-wire = On the wire
    .yes = yes, as two bytes in a Close frame
    .no = never
    .not-allowed = not allowed
fact-sendable = May be sent by
    .both = both sides
    .client = the client only
    .server = the server only
    .nobody = nobody
fact-bytes = Bytes
fact-producer = Who produces it
fact-log = What to log
fact-act = What to do
fact-section = Defined in
    .rfc = RFC 6455 7.4.1
    .iana = IANA registry, not in RFC 6455
    .ranges = RFC 6455 7.4.2
fact-range = Range
    .not-used = 0 to 999: not used
    .protocol = 1000 to 2999: the protocol and its extensions
    .registered = 3000 to 3999: libraries and frameworks, registered with IANA
    .private = 4000 to 4999: private, by agreement
    .undefined = 5000 and above: undefined

link-codes = RFC 6455 7.4.1, defined status codes: https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1
link-ranges = RFC 6455 7.4.2, ranges of status codes: https://www.rfc-editor.org/rfc/rfc6455#section-7.4.2
link-close-frame = RFC 6455 5.5.1, the Close frame: https://www.rfc-editor.org/rfc/rfc6455#section-5.5.1
link-close-code = RFC 6455 7.1.5, the close code that a side reports: https://www.rfc-editor.org/rfc/rfc6455#section-7.1.5
link-fail = RFC 6455 7.1.7, failing the connection: https://www.rfc-editor.org/rfc/rfc6455#section-7.1.7
link-recover = RFC 6455 7.2.3, recovering from an abnormal closure: https://www.rfc-editor.org/rfc/rfc6455#section-7.2.3
link-utf8 = RFC 6455 8.1, handling of text that is not UTF-8: https://www.rfc-editor.org/rfc/rfc6455#section-8.1
link-extensions = RFC 6455 9, extensions: https://www.rfc-editor.org/rfc/rfc6455#section-9
link-limits = RFC 6455 10.4, limits of an implementation: https://www.rfc-editor.org/rfc/rfc6455#section-10.4
link-registry = IANA registry of close codes: https://www.iana.org/assignments/websocket/websocket.xhtml#close-code-number
link-browsers = How browsers report it: https://websockets.spec.whatwg.org/#feedback-from-the-protocol

## Key differences: one row an aspect. A code's own words come first, then those of its kind.

difference-wire = On the wire
difference-producer = Who produces the number
difference-bytes = Bytes
difference-sendable = May an endpoint send it
difference-why = Does it say why
difference-clean = Clean or not
difference-log = What to log
difference-act = What to do

# A code that a Close frame may carry.
kind-wire =
    .wire = Yes: two bytes at the start of a Close frame's payload.
    .producer = The program, or the library, of the side that sends the Close.
    .bytes-both = 88 02 { $bytes } from a server; from a client the same two payload bytes behind a masking key. A reason makes it longer.
    .bytes-server = 88 02 { $bytes } from a server. A reason makes it longer.
    .bytes-client = From a client: 88 82, a masking key of four bytes, then { $bytes } masked with it. A reason makes it longer.
    .sendable-both = Yes, both sides.
    .sendable-client = Yes, the client only.
    .sendable-server = Yes, the server only.
    .why = Yes, as far as the code's meaning goes; the reason after it can say more.
    .clean = Clean when both sides sent a Close.
    .log = The code, the reason, and which side sent the first Close.
    .act = What its meaning asks for: see “How to fix”.

# A number that a Close frame must not carry and that no library makes up either.
kind-unusable =
    .wire = No: a frame that holds it breaks the protocol.
    .producer = Nobody, as long as both sides keep to the protocol.
    .bytes-nobody = None that are allowed; in a faulty frame 88 02 { $bytes } from a server.
    .sendable-nobody = No.
    .why = No: it has no meaning.
    .clean = Nothing can be told from the number.
    .log = The bytes of the Close frame, as a fault of the side that sent them.
    .act = Correct the side that sends it.

comparison-summary-1000-1005 =
    1000 is something that a side says. 1005 is what the other side's library notes down when a Close came and said nothing. Both can be the end
    of a perfectly good session.
comparison-summary-1000-1006 =
    1000 is something that a side says in a Close frame. 1006 is what a library notes down when no Close frame came at all.
comparison-summary-1005-1006 =
    Neither is ever sent. 1005: a Close frame came, and it held no code. 1006: no Close frame came.
comparison-summary-1001-1006 =
    1001 is a farewell: the side that leaves says so in a Close frame. 1006 is what a library notes down when there was no farewell.

## The codes. Each has: short, description, seen, fix, use, more; some have their own words for key differences.

code-1000 =
    .name = Normal Closure
    .short = 1000, Normal Closure, says that the session has done what it was for.
    .description =
        Closed cleanly, with the purpose of the session fulfilled: both endpoints agree that it is complete. 1000 travels on the wire. The side
        that closes writes it as two bytes, 03 e8, into its Close frame, and the other side normally answers with the same code.

        It says that the end was meant. It does not say that every message was understood.
    .seen =
        After both sides have finished exchanging data: it is the expected code of a successful session. Your program is told 1000 when the first
        Close that it received held 1000, whichever side began. Some libraries send it by themselves when a program closes without naming a code.

        A few programs also show 1000 when the Close was empty, for example .NET's ClientWebSocket: only the bytes can tell.
    .fix =
        Nothing to fix. If the close was not expected, look in the application for a premature close(), on the side that sent the first Close: a
        function that returns early, an object that is dropped, a page that goes away, a limit on the length of a session.
    .differs =
        - From 1001: 1000 says that the work is done, 1001 that the sender goes away, done or not.
        - From 1005: 1000 was in the Close frame; 1005 stands for a Close frame that held no code.
        - From 1006: with 1000 a Close frame came; with 1006 none did.
    .use =
        Send 1000 with a short reason when you are done, for example 1000 “done”. If the page or the process goes away, 1001 says it better; if the
        server met an error, 1011 does; for meanings of your own there are 4000 to 4999.
    .more =
        - { link-codes }
        - { link-close-code }
        - { link-registry }
        - In the lab: /close/1000, and /echo closed with 1000. To compare: closelook explain 1000 1005
    .wire = Yes: two bytes at the start of the Close frame's payload.
    .producer = The side that sends the Close: its program, or its library on the program's behalf.
    .bytes =
        88 02 03 e8 from a server, or longer with a reason. From a client 88 82, a masking key of four bytes, then 03 e8 masked with it.
    .sendable-both = Yes, both sides may.
    .why = Yes: the purpose is fulfilled. A reason text may say more.
    .clean = Clean when both sides sent a Close.
    .log = 1000, the reason, and which side sent the first Close. An ordinary line, no alarm.
    .act = Nothing. If the end came too early, look for the close() on the side that began.

code-1005 =
    .name = No Status Received
    .short = 1005, No Status Received, says that a Close frame came and held no code.
    .description =
        A reserved value: the Close frame that arrived held no status code. 1005 is never on the wire, and an endpoint must not put it in a frame.
        The library of the side that received the empty Close makes it up, so that a program which asks for “the code” gets an answer.

        It says nothing about success or failure. An end with 1005 is clean when both sides sent a Close.
    .seen =
        The first Close that your side received had a payload of length 0, and the local library shows 1005 to stand for “no code”. Common causes:
        - Browser or Node code that calls close() without arguments.
        - A library's close function without a code, such as close(None).
        - A Disconnect button or Ctrl-C in a client.
        - A server that answers with an empty Close although it was sent 1000.
        - Your own empty Close, which the other side only echoed.
    .fix =
        1005 is an internal indicator and not a wire value, so there is nothing to correct in the number. First see which side sent the empty Close:
        the two Close frames tell. If it was yours, give a code: close(1000, "done"). If it was the other side's, and it happens often, that side
        may have a bug: look at the code there that closes, or that answers a Close. An empty Close is allowed, so a rare one can be left alone.
    .differs =
        - From 1000: nobody said that the purpose is fulfilled, and nobody said otherwise.
        - From 1006: a Close frame came, so the end was announced; with 1006 it was not.
        - From a private code: those are sent; 1005 is made up where the Close arrives.
    .use =
        Never send 1005. Send an empty Close only when no reason is to be given, knowing that the other side will report 1005. In all other cases
        send 1000 with a short reason.
    .more =
        - { link-codes }
        - { link-close-frame }
        - { link-close-code }
        - { link-registry }
        - { link-browsers }
        - In the lab: /close/empty, and /echo-but-reply-empty, which answers your 1000 with an empty Close. To compare: closelook explain 1000 1005
    .wire = Never. What is on the wire is a Close frame with no payload.
    .producer = The library of the side that received the empty Close. Nobody sent it.
    .bytes =
        88 00 from a server: length 0, there is no room for a code. From a client 88 80 and a masking key of four bytes, with nothing behind it.
    .sendable-nobody = No, it must not be in a frame. Sending an empty Close makes the other side report it.
    .why = No: it says only that no code was given.
    .clean = Clean when both sides sent a Close, the same as with 1000.
    .log = “Close without a code”, which side sent it, and the code that your own side sent. No alarm by itself.
    .act = See which side sent the empty Close. If it was yours, give a code; if it was the other's and frequent, look at the code that closes there.

code-1001 =
    .name = Going Away
    .short = 1001, Going Away, says that the side that sent it is leaving: a page that is left, or a server that shuts down.
    .description = An endpoint is going away: a server is shutting down, or a browser has left the page that held the session.
    .seen = Browsers send it when a page is closed, reloaded or left. Servers send it when they stop, for a deployment for example.
    .fix = Nothing to fix in most cases. A client that needs the session connects again, after a pause that differs between clients.
    .differs =
        - From 1000: the sender leaves, whether the work is done or not.
        - From 1006: the leaving was announced in a Close frame.
        - From 1012: nothing is said about coming back.
    .use = Send 1001 when the process or page goes away, and 1000 when the work is done.
    .more =
        - { link-codes }
        - { link-recover }
        - In the lab: /close/1001
    .producer =
        Browsers when a page is left, and servers that are stopped in good order: Python websockets, for example, ends its sessions with
        1001.
    .log = Which side left, and on a server whether it was a planned stop.
    .why = Yes: the sender goes away.
    .act = Connect again if the session is still needed.

code-1002 =
    .name = Protocol Error
    .short = 1002, Protocol Error, says that the side that sent it saw a rule of the protocol broken.
    .description = An endpoint ends the session because of a protocol error: bytes that RFC 6455 does not allow.
    .seen =
        After a reserved opcode or bit, a frame with the wrong masking, a fragmented control frame, an illegal close code, and the like. Usually a
        library sends it, not a program.
    .fix = Look at the findings of the session: they name the frame and the rule. The number alone does not tell which side broke it; the frames do.
    .differs =
        - From 1007: there the frames are right and the content of a message is not.
        - From 1003 and 1008: there nothing is broken, and a message is not wanted.
        - From 1006: the side that saw the fault said so before it ended the connection.
    .use = Send 1002 when the framing is wrong. For valid frames with unwanted content there are 1003, 1007, 1008 and 1009.
    .more =
        - { link-codes }
        - { link-fail }
        - In the lab: /close/1002
    .producer = Nearly always a library that found a frame which breaks a rule; programs seldom send it themselves.
    .log = The frame before the Close in hexadecimal, and the name and version of both libraries.
    .why = Yes: a rule was broken; which one, only a reason or the frames before it can tell.
    .act = Find the frame that breaks a rule: see the findings.

code-1003 =
    .name = Unsupported Data
    .short = 1003, Unsupported Data, says that the side that sent it cannot take this type of data.
    .description = An endpoint received a type of data that it cannot accept, for example a binary message where it understands text only.
    .seen = A client sends binary to a service that speaks text (or the other way round).
    .fix = Send the type that the other side expects. Look at the opcode of the last message before the Close: 1 is text, 2 is binary.
    .differs =
        - From 1007: the type itself is not wanted; with 1007 the type is right and the content broken.
        - From 1008: it is about the type of the data and no other rule.
    .use = Send 1003 for the wrong type of message, 1007 for a right type with broken content.
    .more =
        - { link-codes }
        - In the lab: /close/1003
    .producer = Programs that understand text only, or binary only; libraries seldom send it by themselves.
    .log = The opcode of the message that was refused, and what is wanted instead.
    .why = Yes: the type of the data.
    .act = Send the other type of message.

code-1004 =
    .name = Reserved
    .short = 1004 is reserved: it has no meaning, and nobody may send it.
    .description = Reserved. A meaning may be defined in the future; there is none today.
    .seen = Only from a faulty endpoint, or one that uses numbers of its own outside 4000 to 4999.
    .fix = Correct the side that sends it. Strict libraries answer it with 1002.
    .differs =
        - From 1003 and 1005 beside it: those have a meaning, 1004 has none.
        - From 4000 to 4999: those are there for meanings of one's own, 1004 is not.
    .use = Do not send it. For meanings of your own there are 4000 to 4999.
    .more =
        - { link-codes }

code-1006 =
    .name = Abnormal Closure
    .short = 1006, Abnormal Closure, says that the connection ended and no Close frame had come.
    .description =
        A reserved value: the connection ended, or never began, and no Close frame was received. 1006 is never on the wire. The library of the side
        that received no Close makes it up, on each side for itself.

        It does not say whose doing it was: a crash, a dropped network and a proxy's timeout all look the same in the number.
    .seen =
        TCP ended (FIN or RST) without a Close frame; a proxy or load balancer ended an idle connection; a process was killed; the network went away;
        the upgrade to WebSocket failed; or your side sent a Close and the answer did not come.
    .fix =
        Look at how TCP ended and at what came just before. Idle for a minute or so: send Pings and look at timeouts of proxies. At once after
        connecting: look at the HTTP answer. At random: look at the server's log for exits and errors. Then connect again, after a pause that grows.
    .differs =
        - From 1005: there a Close frame came, and held no code; here none came.
        - From 1000 and all other codes that are sent: those tell something about the cause, 1006 nothing.
        - From 1015: there was a TLS connection; with 1015 there was none.
    .use = Never send 1006. A side that wants to end a session sends a Close and waits for the other's.
    .more =
        - { link-codes }
        - { link-close-code }
        - { link-recover }
        - { link-browsers }
        - In the lab: /drop (FIN), /reset (RST), /silent-close (a Close that is never answered)
    .wire = Never. There was no Close frame at all.
    .producer = The library of the side that received no Close. Nobody sent it.
    .bytes = None: no Close frame arrived.
    .sendable-nobody = No, it must not be in a frame. Ending TCP without a Close makes the other side report it.
    .why = No: it says only that no Close came.
    .clean = Never clean.
    .log = How TCP ended (FIN, RST or timeout), how long the session had been idle, and what was sent last.
    .act = Look at how TCP ended and what came before; connect again after a pause.

code-1007 =
    .name = Invalid Frame Payload Data
    .short = 1007, Invalid Frame Payload Data, says that the content of a message does not fit its type.
    .description = A message's content does not fit its type. The usual case: a text message that is not UTF-8.
    .seen = Text in Latin-1 or another encoding was sent as a text message, or binary data was; or a message was cut in the middle of a character.
    .fix = Send text as UTF-8, and everything else as binary. The finding “text is not UTF-8” gives the place of the first wrong byte.
    .differs =
        - From 1002: the frames are right; what is in them is not.
        - From 1003: the type is welcome; its content is broken.
    .use = Send 1007 for broken content, 1003 for an unwanted type.
    .more =
        - { link-codes }
        - { link-utf8 }
        - In the lab: /close/1007
    .producer =
        A library that checks text for UTF-8 while it receives, as most do; a decompressor that meets broken data sometimes uses it too.
    .log = The place of the first wrong byte, and the program that made the message.
    .why = Yes: content that does not fit its type.
    .act = Find the message and correct its encoding.

code-1008 =
    .name = Policy Violation
    .short = 1008, Policy Violation, says that a message breaks a rule of the side that sent it, without naming the rule.
    .description = An endpoint received a message that breaks its policy. It is the general code where no other fits, or where details are not to be told.
    .seen = Missing or expired authorization, too many messages, a forbidden origin or topic: whatever the service calls its rules.
    .fix = Read the reason, and the documentation of the service. Look at the last message before the Close.
    .differs =
        - From 3000 and 3003: those say that it is about authorization.
        - From 1003, 1007 and 1009: those name what was wrong with the message.
        - From 1011: the rule was kept on purpose; nothing failed.
    .use = Send 1008 for rules of the application. 3000 and 3003, or 4000 to 4999, say more where both sides know them.
    .more =
        - { link-codes }
        - In the lab: /close/1008
    .producer = Programs and gateways by their own rules: a login that is missing, a quota, an origin that is not allowed.
    .log = The reason, the account and the message before it; they decide whether connecting again makes sense.
    .why = In part: a rule of the application, not which one.
    .act = Read the reason and the service's rules; connecting again at once seldom helps.

code-1009 =
    .name = Message Too Big
    .short = 1009, Message Too Big, says that a message is larger than the side that sent the code will take.
    .description = A message was too big for the endpoint to process.
    .seen = A message above the receiver's limit. Many servers and proxies have one by default, often 64 KiB, 1 MiB or 16 MiB.
    .fix = Send smaller messages, or raise the limit on the receiving side. Fragments do not help where the limit is on the whole message.
    .differs =
        - From 1008: the size alone is the reason.
        - From 1011: the limit was chosen; nothing failed.
    .use = Send 1009, with the limit in the reason, when a message is refused for its size alone.
    .more =
        - { link-codes }
        - { link-limits }
        - In the lab: /close/1009
    .producer =
        A library whose limit was exceeded. By default that is 100 MiB in Node ws, 64 MiB in tungstenite, 4 MiB in aiohttp, 1 MiB in
        Python websockets and 32 KiB in coder/websocket.
    .log = The size of the message and the limit.
    .why = Yes: the size of a message.
    .act = Make the messages smaller or the limit larger.

code-1010 =
    .name = Mandatory Extension
    .short = 1010, Mandatory Extension, says that the client needed an extension and the server did not agree to it.
    .description = A client expected the server to agree to one or more extensions in the upgrade, and it did not. The reason should list them.
    .seen = At the start of a session, from a client that cannot work without an extension, such as permessage-deflate.
    .fix = Enable the extension on the server, or look for a proxy that removes Sec-WebSocket-Extensions. Or let the client do without.
    .differs =
        - From 1002: the upgrade broke no rule; it only lacks what this client needs.
        - From a failed upgrade: a server that lacks an extension says so by not agreeing to it, and never sends 1010.
    .use = Clients only. A server that lacks an extension fails the upgrade instead.
    .more =
        - { link-codes }
        - { link-extensions }
    .producer = A client that was told to insist on an extension; rare in practice.
    .log = What was offered and what was agreed in Sec-WebSocket-Extensions.
    .why = Yes: an extension that was not agreed; the reason names it.
    .act = Agree on the extension, or do without it.

code-1011 =
    .name = Internal Error
    .short = 1011, Internal Error, says that the side that sent it met something unexpected and cannot go on.
    .description =
        An endpoint ends the session because it met an unexpected condition that keeps it from fulfilling the request. RFC 6455 speaks of
        servers; its erratum 3227 lets clients send 1011 too.
    .seen = An exception in a message handler, mostly a server's: many libraries turn it into 1011 by themselves.
    .fix =
        Look at the log of the side that sent it, at that moment. As the other side: connect again after a pause, and look at what the last
        message had in common with earlier failures.
    .differs =
        - From 1002, 1003, 1007, 1008 and 1009: those are about what the other side sent; 1011 is about the sender's own fault.
        - From 1012 and 1013: those are planned, or pass by themselves.
    .use = For faults of the sender's own. Not for bad requests: 1002, 1003, 1007 and 1008 are for those.
    .more =
        - { link-codes }
        - In the lab: /close/1011
    .producer =
        A library whose message handler raised an error. Python websockets also sends it when a keep-alive Ping stays unanswered; the
        reason says so.
    .log = The error with its trace on the side that sent it, and the message before it.
    .why = In part: a fault of the side that sent it; that side's log has the rest.
    .act = Read the log of the side that sent it.

code-1012 =
    .name = Service Restart
    .short = 1012, Service Restart, says that the service restarts and that a client may come back.
    .description = The service is restarted. A client may connect again, and should wait for a random 5 to 30 seconds, so that not all come at once.
    .seen = Deployments and planned restarts.
    .fix = Nothing to fix: connect again after a random pause.
    .differs =
        - From 1001: the service says that it comes back.
        - From 1013: it is not overloaded; it restarts.
    .use = Servers only, for a restart; 1001 for a shutdown with nothing after it.
    .more =
        - { link-registry }
        - In the lab: /close/1012
    .producer = Servers that are restarted on purpose: uvicorn, for example, ends its sessions with 1012.
    .log = The restart and its reason, and how many clients came back when.
    .why = Yes: a restart.
    .act = Connect again after a random pause.

code-1013 =
    .name = Try Again Later
    .short = 1013, Try Again Later, says that the service has too much to do right now.
    .description = The service is overloaded. A client should try another address of the service, or wait until its user asks again.
    .seen = Connection limits, overload protection, a maintenance mode.
    .fix = Come back later, with pauses that grow. On the server: look at load and limits.
    .differs =
        - From 1012: the service goes on running, and is too busy.
        - From 1008 with a quota: there it is this client's share that is used up, not the service.
    .use = Servers only, when the same request is likely to work later.
    .more =
        - { link-registry }
        - In the lab: /close/1013
    .producer = Servers and gateways at their limit.
    .log = The load and the limits at that moment, and how often the client has tried.
    .why = Yes: overload.
    .act = Wait, longer each time, before connecting again.

code-1014 =
    .name = Bad Gateway
    .short = 1014, Bad Gateway, says that a gateway or proxy got an invalid answer from the server behind it.
    .description = The server was acting as a gateway or proxy, and received an invalid answer from the server behind it, as with HTTP status 502.
    .seen = A proxy ends the session because the server behind it failed. Some client libraries do not know 1014 and show 1002 instead.
    .fix = Look at the log of the proxy, and at the server behind it.
    .differs =
        - From 1011: the fault lies behind the sender, not in it.
        - From 1006: many gateways only end the connection when the server behind them fails; then it is 1006.
    .use = Gateways and proxies only.
    .more =
        - { link-registry }
        - In the lab: /close/1014
    .producer = Gateways and proxies; many end the connection instead and so cause 1006.
    .log = What the server behind the gateway answered, by the gateway's own log.
    .why = Yes: the server behind the gateway.
    .act = Look at the gateway and at the server behind it.

code-1015 =
    .name = TLS Handshake
    .short = 1015, TLS Handshake, says that the TLS handshake failed, so that there never was a session.
    .description = A reserved value: the connection ended because the TLS handshake failed. It is never on the wire; there is no wire to put it on.
    .seen =
        A certificate that is not trusted, has expired or is for another name; no common version of TLS; a port that does not speak TLS. Browsers
        are meant to show their scripts 1006 instead.
    .fix = Check the certificate's names, dates and issuer, and whether the port speaks TLS. Trust the private authority if there is one.
    .differs =
        - From 1006: TLS itself failed, so there never was a connection that could break.
        - From a failed upgrade: there HTTP was spoken; here nothing was.
    .use = Never send 1015.
    .more =
        - { link-codes }
        - { link-browsers }
    .wire = Never. There was no WebSocket connection.
    .producer = The client's library. Nobody sent it.
    .bytes = None: the session never began.
    .sendable-nobody = No, it must not be in a frame.
    .why = In part: TLS failed; the TLS error itself says why.
    .clean = Never clean.
    .log = The TLS error, the host name and the certificate.
    .act = Look at the certificate and at the port.

code-3000 =
    .name = Unauthorized
    .short = 3000, Unauthorized, says that the endpoint was not authorized for what it asked, as with HTTP status 401.
    .description = The endpoint must be authorized to do what it asked. It is the counterpart of HTTP status 401.
    .seen = A token is missing, wrong or has expired, in services that check it after the upgrade.
    .fix = Get a new token and connect again with it. Connecting again with the old one will fail again.
    .differs =
        - From 3003: who is asking is not known, or no longer; with 3003 it is known and does not suffice.
        - From 1008: it says that the matter is authorization.
        - From 4401 and other private codes: they say the same by agreement, 3000 by registration.
    .use = When credentials are missing or not valid; 3003 when they are valid and do not suffice.
    .more =
        - { link-registry }
        - { link-ranges }
        - In the lab: /close/3000
    .producer = Frameworks and services that follow the registration. Others use 1008 or a private code for the same.
    .log = Which credentials were used and when they expire, never the credentials themselves.
    .why = Yes: authorization.
    .act = Renew the credentials before connecting again.

code-3003 =
    .name = Forbidden
    .short = 3003, Forbidden, says that the endpoint is known and may not do what it asked, as with HTTP status 403.
    .description = The endpoint is authorized and still has no permission for what it asked. It is the counterpart of HTTP status 403.
    .seen = An account without the right for a channel, a room or an action.
    .fix = Ask for the permission, or do not ask for the thing. New credentials for the same account do not help.
    .differs =
        - From 3000: new credentials for the same account do not help.
        - From 1008: it says that the matter is permission.
    .use = When the credentials are valid and do not suffice; 3000 when they are missing or not valid.
    .more =
        - { link-registry }
        - { link-ranges }
        - In the lab: /close/3003
    .producer = Frameworks and services that follow the registration. Others use 1008 or a private code for the same.
    .log = The account, and the thing for which it had no permission.
    .why = Yes: permission.
    .act = Get the permission; do not connect again in a loop.

code-3008 =
    .name = Timeout
    .short = 3008, Timeout, says that the endpoint took too long, as with HTTP status 408.
    .description = The endpoint took too long to do or to send something that was expected of it. It is the counterpart of HTTP status 408.
    .seen = A first message, an authorization or an answer to a Ping did not come in the time that the service allows.
    .fix = Look at what the service waits for after the upgrade, and how long. Then send it in time.
    .differs =
        - From 1006 after a long silence: there nobody said anything; 3008 was sent.
        - From 1013: this one client was late; the service is not overloaded.
    .use = When the other side is late with something that it owes.
    .more =
        - { link-registry }
        - { link-ranges }
        - In the lab: /close/3008
    .producer = Frameworks and services that wait for a message and follow the registration.
    .log = What was awaited, and for how long.
    .why = Yes: time; what was awaited, the reason may say.
    .act = Send what is awaited in time.

## Ranges: codes without a name of their own. $code is the number.

range-not-used =
    .name = Not used
    .short = { $code } lies in 0 to 999, which are not used.
    .description = { $code } lies in 0 to 999, which are not used for close codes.
    .seen = Only from a faulty endpoint, for example one that sends its own small numbers, or the two bytes in the wrong order.
    .fix = Correct the side that sends it. Strict libraries answer it with 1002.
    .differs =
        - From 1000 to 4999: a Close frame may carry many of those, and none of these.
        - From HTTP statuses: a number such as 404 is no close code; 4404 is a common private one.
    .use = Do not send it. For meanings of your own there are 4000 to 4999.
    .more =
        - { link-ranges }

range-unassigned =
    .name = Unassigned
    .short = { $code } lies in the protocol's own range, and nobody has registered it.
    .description = { $code } lies in 1000 to 2999, which are for RFC 6455, its successors and extensions. This number has not been assigned.
    .seen = Only from a faulty endpoint, or from one that follows a specification newer than this list.
    .fix = Correct the side that sends it. Strict libraries answer it with 1002.
    .differs =
        - From 1000 to 1015: those are registered, these are not.
        - From 3000 to 4999: those may be sent, these may not.
    .use = Do not send it. For meanings of your own there are 4000 to 4999.
    .more =
        - { link-ranges }
        - { link-registry }

range-registered =
    .name = Library or framework
    .short = { $code } is for libraries and frameworks; its meaning is registered with IANA or defined by the library that sent it.
    .description = { $code } lies in 3000 to 3999, which are for libraries, frameworks and applications, by registration with IANA. RFC 6455 gives it no meaning.
    .seen = A library or framework on the other side uses it for a purpose of its own.
    .fix = Read the documentation of the library on the side that sent it, and the reason.
    .differs =
        - From 1000 to 2999: those belong to the protocol, these to libraries and frameworks.
        - From 4000 to 4999: those need no registration, and mean nothing outside their service.
    .use = Only with a registration. Without one there are 4000 to 4999.
    .more =
        - { link-ranges }
        - { link-registry }
        - In the lab: /close/{ $code }

range-private =
    .name = Private use
    .short = { $code } is a private code: what it means is an agreement between this client and this server.
    .description = { $code } lies in 4000 to 4999, which are for private use. It means what the two applications agreed on, and nothing to anyone else.
    .seen = The application on the other side closed for a reason of its own: a login that ended, a room that closed, a newer session that took over.
    .fix = Read the documentation of the service, and the reason. The same number can mean something else at another service.
    .differs =
        - From 3000 to 3999: those are registered with IANA, so that a number has one meaning.
        - From 1000 to 1015: those mean the same everywhere; these mean what a service says.
    .use = When the two applications share a list of meanings. Write the list down, and send a reason with the code.
    .more =
        - { link-ranges }
        - In the lab: /close/{ $code }
    .why = Yes, to those who know the agreement.

range-undefined =
    .name = Undefined
    .short = { $code } is above 4999, where no close codes are defined.
    .description = { $code } is above 4999. RFC 6455 defines no codes there.
    .seen = Only from a faulty endpoint, for example one that reads or writes the two bytes in the wrong order: 59395 is 03 e8 reversed.
    .fix = Correct the side that sends it. Strict libraries answer it with 1002.
    .differs =
        - From 4000 to 4999: those are for private use; beyond them nothing is allowed.
        - From numbers above 65535: those do not even fit into the two bytes of a Close frame.
    .use = Do not send it. For meanings of your own there are 4000 to 4999.
    .more =
        - { link-ranges }

## Documented uses of codes by services and libraries; “service-...” are their names and where they document them.

service-graphql = graphql-transport-ws
    .source = https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
service-discord = Discord Gateway
    .source = https://docs.discord.com/developers/topics/opcodes-and-status-codes
service-discord-voice = Discord voice
    .source = https://docs.discord.com/developers/topics/opcodes-and-status-codes
service-twitch = Twitch EventSub
    .source = https://dev.twitch.tv/docs/eventsub/handling-websocket-events
service-pusher = Pusher Channels
    .source = https://pusher.com/docs/channels/library_auth_reference/pusher-websockets-protocol/
service-obs = obs-websocket 5
    .source = https://github.com/obsproject/obs-websocket/blob/master/docs/generated/protocol.md
service-centrifugo = Centrifugo
    .source = https://centrifugal.dev/docs/server/codes
service-sockjs = SockJS
    .source = https://github.com/sockjs/sockjs-protocol
service-phoenix = Phoenix channels
    .source = https://github.com/phoenixframework/phoenix

known-1000-phoenix = the JavaScript client closes with it and the reason “heartbeat timeout” when its own heartbeat was not answered in time, and connects again.
known-2010-sockjs = another connection still uses this session. It travels in a message of SockJS, not in a Close frame.
known-3000-sockjs = “Go away!”: the server ended the session. It travels in a message of SockJS, and the client's close event shows it.
known-3001-centrifugo = the server shuts down; clients connect again.
known-3004-centrifugo = an internal error of the server; clients connect again.
known-3005-centrifugo = the connection expired; clients renew it and connect again.
known-3006-centrifugo = a subscription expired; clients connect again.
known-3008-centrifugo = “slow”: the client did not read fast enough. This is another meaning than the registered one.
known-3009-centrifugo = writing to the connection failed; clients connect again.
known-3010-centrifugo = the client's place in a channel's history was lost; it connects again and catches up.
known-3011-centrifugo = the server asks the client to connect again.
known-3012-centrifugo = the client did not answer the server's own ping in time.
known-3500-centrifugo = the token is not valid; clients do not connect again by themselves.
known-3501-centrifugo = a malformed command or a wrong order of commands.
known-3502-centrifugo = the client did not authenticate in the time that is allowed.
known-3503-centrifugo = the server ended the connection and asks not to connect again.
known-3504-centrifugo = the limit of connections is reached.
known-3505-centrifugo = the limit of channels is reached.
known-4000-discord = an unknown error; connect again.
known-4000-twitch = an internal error of the server.
known-4000-pusher = the application accepts encrypted connections only: use wss://.
known-4001-discord = an unknown Gateway opcode, or a wrong payload for one.
known-4001-twitch = the client sent something other than a Pong, which is not allowed.
known-4001-pusher = the application does not exist.
known-4002-discord = a payload that could not be decoded.
known-4002-twitch = the client did not answer a Ping with a Pong.
known-4002-obs = a message that could not be decoded.
known-4003-discord = a payload before the client identified itself.
known-4003-twitch = the connection was not used: no subscription within 10 seconds.
known-4003-pusher = the application is disabled.
known-4003-obs = a required field is missing.
known-4004-discord = authentication failed: the token is wrong. Do not connect again with it.
known-4004-twitch = the time for moving to the new address after a reconnect message is over.
known-4004-pusher = the application is over its quota of connections.
known-4004-obs = a field has the wrong type.
known-4004-graphql = the library graphql-ws as a client: the server's message was not of the protocol.
known-4005-discord = the client identified itself twice.
known-4005-twitch = a timeout in the network.
known-4005-pusher = the path was not found.
known-4005-obs = a field has a wrong value.
known-4005-graphql = the library graphql-ws as a client: an error of its own.
known-4006-discord-voice = the session is no longer valid.
known-4006-twitch = an error in the network.
known-4006-pusher = the version in the address is not well formed.
known-4006-obs = an unknown opcode of obs-websocket.
known-4007-discord = a wrong sequence number when resuming; start a new session.
known-4007-twitch = the address for reconnecting is not valid.
known-4007-pusher = a version of the protocol that is not supported.
known-4007-obs = a message before the client identified itself.
known-4008-discord = too many messages in too little time.
known-4008-pusher = no version of the protocol was given.
known-4008-obs = the client identified itself twice.
known-4009-discord = the session timed out; start a new one.
known-4009-pusher = the connection is not authorized.
known-4009-obs = authentication failed.
known-4010-discord = a wrong shard number.
known-4010-obs = a version of the protocol that is not supported.
known-4011-discord = too many servers for one connection: sharding is required.
known-4011-discord-voice = the server was not found.
known-4011-obs = the session was ended by the user of OBS.
known-4012-discord = a version of the API that is not valid.
known-4012-discord-voice = an unknown protocol.
known-4012-obs = a feature that is not supported.
known-4013-discord = an intent that is not valid.
known-4014-discord = an intent that this application is not allowed: enable it in the developer portal.
known-4014-discord-voice = disconnected: the channel is gone, or the user was moved or removed.
known-4015-discord-voice = the voice server crashed; try to resume.
known-4016-discord-voice = an unknown mode of encryption.
known-4100-pusher = over capacity; connect again after a pause.
known-4200-pusher = connect again at once.
known-4201-pusher = no pong came in time; connect again at once.
known-4202-pusher = closed after a time without activity; connect again at once.
known-4400-graphql = a message that is not of the protocol, from either side.
known-4401-graphql = an operation was asked for before the connection was acknowledged: an error of the client's program, seldom of its credentials.
known-4403-graphql = the server's program refused the connection when it was initialised.
known-4406-graphql = the library graphql-ws: the client did not offer a subprotocol that the server speaks.
known-4408-graphql = no connection_init came in the time that is allowed.
known-4409-graphql = an operation with this identifier is running already.
known-4429-graphql = connection_init was sent more than once.
known-4499-graphql = the library graphql-ws as a client: its program called terminate(). It is shown by that client, and never sent.
known-4500-graphql = the library graphql-ws: an internal error of the server.
known-4504-graphql = the library graphql-ws as a client: connection_ack did not come in time.

## Findings: one sentence or two for each rule that bytes can break

finding-request-method-not-get = The client's request is not a GET. The upgrade to WebSocket begins with GET and no other method.
finding-request-version-not-http11 = The client's request is not HTTP/1.1. The upgrade needs HTTP/1.1.
finding-request-host-missing = The client's request has no Host header. It is required.
finding-request-upgrade-missing = The client's request has no “Upgrade: websocket” header, so it does not ask for WebSocket.
finding-request-connection-missing = The client's request has no “Connection: Upgrade” header. Proxies often remove it unless they are told not to.
finding-request-key-missing = The client's request has no Sec-WebSocket-Key header.
finding-request-key-not-sixteen-bytes = The client's Sec-WebSocket-Key is not 16 bytes in base64.
finding-request-key-repeated = The client's request has more than one Sec-WebSocket-Key header. Exactly one is allowed.
finding-request-websocket-version-not-13 = The client's Sec-WebSocket-Version is not 13, the only version of RFC 6455.
finding-request-websocket-version-repeated = The client's request has more than one Sec-WebSocket-Version header. Exactly one is allowed.
finding-compression-offer-invalid = The client offers permessage-deflate with a parameter that is unknown, is there twice or has a wrong value. A server declines such an offer.
finding-head-malformed =
    { $side ->
        [client] The client's bytes do not begin with the head of an HTTP request.
        [server] The server's bytes do not begin with the head of an HTTP response. Perhaps it does not speak HTTP, or it speaks TLS.
       *[unknown] The bytes do not begin with the head of an HTTP message.
    }
finding-response-version-not-http11 = The server's 101 response is not HTTP/1.1. The upgrade needs HTTP/1.1.
finding-response-upgrade-missing = The server's response has no “Upgrade: websocket” header.
finding-response-connection-missing = The server's response has no “Connection: Upgrade” header.
finding-response-accept-missing = The server's response has no Sec-WebSocket-Accept header, which proves that it understood the upgrade.
finding-response-accept-wrong = The server's Sec-WebSocket-Accept does not answer the request's key. Perhaps a cache or proxy gave an old response.
finding-response-accept-repeated = The server's response has more than one Sec-WebSocket-Accept header. Exactly one is allowed.
finding-response-subprotocol-not-offered = The server chose a subprotocol that the client had not offered. A strict client ends the connection here.
finding-response-extension-not-offered = The server agreed to an extension that the client had not offered. A strict client ends the connection here.
finding-response-subprotocol-repeated = The server's response has more than one Sec-WebSocket-Protocol header. At most one is allowed, with one subprotocol.
finding-compression-answer-invalid = The server agreed to permessage-deflate with a parameter that is unknown, is there twice or has a wrong value. A client must fail the connection here.
finding-compression-answer-not-offered = The server agreed to permessage-deflate with parameters that the client's offer does not allow. A client must fail the connection here.
finding-frames-before-response = The client sent data before it had the server's response. It must wait for the 101.
finding-reserved-bit-without-extension =
    { $side ->
        [client] The client set a reserved bit (RSV1, RSV2 or RSV3), and no agreed extension gives it a meaning.
        [server] The server set a reserved bit (RSV1, RSV2 or RSV3), and no agreed extension gives it a meaning.
       *[unknown] A reserved bit (RSV1, RSV2 or RSV3) is set, and no agreed extension gives it a meaning.
    }
finding-compressed-bit-on-continuation =
    { $side ->
        [client] The client set RSV1 on a continuation frame. Only the first frame of a message says that it is compressed.
        [server] The server set RSV1 on a continuation frame. Only the first frame of a message says that it is compressed.
       *[unknown] RSV1 is set on a continuation frame. Only the first frame of a message says that it is compressed.
    }
finding-compressed-bit-on-control-frame =
    { $side ->
        [client] The client set RSV1 on a control frame. Control frames are never compressed.
        [server] The server set RSV1 on a control frame. Control frames are never compressed.
       *[unknown] RSV1 is set on a control frame. Control frames are never compressed.
    }
finding-reserved-opcode =
    { $side ->
        [client] The client sent a frame with opcode { $opcode }, which is reserved and has no meaning.
        [server] The server sent a frame with opcode { $opcode }, which is reserved and has no meaning.
       *[unknown] A frame has opcode { $opcode }, which is reserved and has no meaning.
    }
finding-client-frame-not-masked = The client sent a frame without masking. Every frame of a client must be masked.
finding-server-frame-masked = The server sent a masked frame. Frames of a server must not be masked.
finding-masking-key-zero =
    { $side ->
        [server] The server's masking key is 00 00 00 00, so the payload travels as it is. A key is meant to be random.
       *[client] The client's masking key is 00 00 00 00, so the payload travels as it is. A key is meant to be random for each frame.
    }
finding-masking-key-repeated =
    { $side ->
        [client] The client used one masking key for two frames in a row. A key is meant to be random for each frame.
        [server] The server used one masking key for two frames in a row, and a server should not mask at all.
       *[unknown] One masking key was used for two frames in a row. A key is meant to be random for each frame.
    }
finding-length-not-minimal =
    { $side ->
        [client] The client wrote the length { $length } in a longer form than it needs. Only the shortest form is allowed.
        [server] The server wrote the length { $length } in a longer form than it needs. Only the shortest form is allowed.
       *[unknown] The length { $length } is written in a longer form than it needs. Only the shortest form is allowed.
    }
finding-length-top-bit-set =
    { $side ->
        [client] The client wrote a 64-bit length with its highest bit set. That bit must be 0.
        [server] The server wrote a 64-bit length with its highest bit set. That bit must be 0.
       *[unknown] A 64-bit length has its highest bit set. That bit must be 0.
    }
finding-control-frame-fragmented =
    { $side ->
        [client] The client sent a control frame without FIN. Close, Ping and Pong must not be fragmented.
        [server] The server sent a control frame without FIN. Close, Ping and Pong must not be fragmented.
       *[unknown] A control frame has no FIN. Close, Ping and Pong must not be fragmented.
    }
finding-control-frame-too-long =
    { $side ->
        [client] The client sent a control frame with { $length } bytes of payload. At most 125 are allowed.
        [server] The server sent a control frame with { $length } bytes of payload. At most 125 are allowed.
       *[unknown] A control frame has { $length } bytes of payload. At most 125 are allowed.
    }
finding-continuation-without-start =
    { $side ->
        [client] The client sent a continuation frame, and there is no message to continue.
        [server] The server sent a continuation frame, and there is no message to continue.
       *[unknown] A continuation frame has no message to continue.
    }
finding-data-frame-inside-message =
    { $side ->
        [client] The client began a new message while its last one was unfinished. Only control frames may come between fragments.
        [server] The server began a new message while its last one was unfinished. Only control frames may come between fragments.
       *[unknown] A new message begins while the last one is unfinished. Only control frames may come between fragments.
    }
finding-text-not-utf8 =
    { $side ->
        [client] The client sent a text message that is not UTF-8; the first wrong byte is at offset { $at }.
        [server] The server sent a text message that is not UTF-8; the first wrong byte is at offset { $at }.
       *[unknown] A text message is not UTF-8; the first wrong byte is at offset { $at }.
    }
finding-compressed-data-invalid =
    { $side ->
        [client] The client's compressed message cannot be inflated: from byte { $at } on it is no deflate data, or refers farther back than was agreed.
        [server] The server's compressed message cannot be inflated: from byte { $at } on it is no deflate data, or refers farther back than was agreed.
       *[unknown] A compressed message cannot be inflated: from byte { $at } on it is no deflate data, or refers farther back than was agreed.
    }
finding-compressed-data-incomplete =
    { $side ->
        [client] The client's compressed message ends inside a deflate block, so its end is missing.
        [server] The server's compressed message ends inside a deflate block, so its end is missing.
       *[unknown] A compressed message ends inside a deflate block, so its end is missing.
    }
finding-inflates-beyond-limit =
    { $side ->
        [client] The client's message inflates to more than { $limit } bytes, the limit that is set here; the rest was not inflated.
        [server] The server's message inflates to more than { $limit } bytes, the limit that is set here; the rest was not inflated.
       *[unknown] A message inflates to more than { $limit } bytes, the limit that is set here; the rest was not inflated.
    }
finding-compression-context-lost =
    { $side ->
        [client] This message of the client may refer to an earlier one that could not be inflated, so it is shown as it was sent.
        [server] This message of the server may refer to an earlier one that could not be inflated, so it is shown as it was sent.
       *[unknown] This message may refer to an earlier one that could not be inflated, so it is shown as it was sent.
    }
finding-compression-context-unknown =
    { $side ->
        [client] This message of the client refers to earlier ones that were not recorded, so it is shown as it was sent.
        [server] This message of the server refers to earlier ones that were not recorded, so it is shown as it was sent.
       *[unknown] This message refers to earlier ones that were not recorded, so it is shown as it was sent.
    }
finding-bytes-missing =
    { $length ->
        [one] 1 byte
       *[other] { $length } bytes
    }{ $side ->
        [client] {" "}of this frame of the client
        [server] {" "}of this frame of the server
       *[unknown] {" "}of this frame
    } crossed and { $length ->
        [one] was
       *[other] were
    } not recorded: what they held is not known, and not judged.
finding-frames-missing =
    { $length ->
        [unknown] Bytes, nobody knows how many,
        [one] 1 byte
       *[other] { $length } bytes
    }{ $side ->
        [client] {" "}of the client
        [server] {" "}of the server
       *[unknown] {""}
    } crossed and { $length ->
        [one] was
       *[other] were
    } not recorded, and frames may have begun among them. { $next ->
        [at-once] The next frame begins right behind them.
        [unknown] Where the next frame begins cannot be told from what follows.
        [one] The byte behind them cannot be read; then the next frame begins.
       *[other] The { $next } bytes behind them cannot be read; then the next frame begins.
    }
finding-close-of-one-byte =
    { $side ->
        [client] The client sent a Close with one byte of payload. A code needs two bytes; an empty Close has none.
        [server] The server sent a Close with one byte of payload. A code needs two bytes; an empty Close has none.
       *[unknown] A Close has one byte of payload. A code needs two bytes; an empty Close has none.
    }
finding-close-code-not-allowed =
    { $side ->
        [client] The client sent a Close with { $code }, which must not be in a Close frame.
        [server] The server sent a Close with { $code }, which must not be in a Close frame.
       *[unknown] A Close holds { $code }, which must not be in a Close frame.
    }
    { $code ->
        [1005] 1005 stands for an empty Close and is for reading only.
        [1006] 1006 stands for a missing Close and is for reading only.
        [1015] 1015 stands for a failed TLS handshake and is for reading only.
       *[other] It is not a registered code, and not one from 3000 to 4999.
    }
finding-close-reason-not-utf8 =
    { $side ->
        [client] The reason in the client's Close is not UTF-8; the first wrong byte is at offset { $at } of the reason.
        [server] The reason in the server's Close is not UTF-8; the first wrong byte is at offset { $at } of the reason.
       *[unknown] The reason in a Close is not UTF-8; the first wrong byte is at offset { $at } of the reason.
    }
finding-close-reply-changes-code =
    { $side ->
        [client] The client's Close came second and holds { $sent ->
                [none] no code
               *[other] { $sent }
            }; the server's held { $received ->
                [none] none
               *[other] { $received }
            }.
        [server] The server's Close came second and holds { $sent ->
                [none] no code
               *[other] { $sent }
            }; the client's held { $received ->
                [none] none
               *[other] { $received }
            }.
       *[unknown] The second Close holds { $sent ->
                [none] no code
               *[other] { $sent }
            }; the first held { $received ->
                [none] none
               *[other] { $received }
            }.
    } An answer normally repeats the code, so the two sides will report different ones. Both are right.
finding-frame-after-close =
    { $side ->
        [client] The client sent a frame after its Close. Nothing may follow a Close.
        [server] The server sent a frame after its Close. Nothing may follow a Close.
       *[unknown] A frame was sent after a Close by the same side. Nothing may follow a Close.
    }
finding-ended-inside-frame =
    { $side ->
        [client] The client's bytes end in the middle of a frame.
        [server] The server's bytes end in the middle of a frame.
       *[unknown] The bytes end in the middle of a frame.
    }
finding-ended-inside-message =
    { $side ->
        [client] The connection ended before the client's last message was finished: its final fragment is missing.
        [server] The connection ended before the server's last message was finished: its final fragment is missing.
       *[unknown] The connection ended before the last message was finished: its final fragment is missing.
    }
finding-pong-without-ping =
    { $side ->
        [client] The client sent a Pong that repeats no Ping of the server. That is allowed, and some programs use it as a sign of life.
        [server] The server sent a Pong that repeats no Ping of the client. That is allowed, and some programs use it as a sign of life.
       *[unknown] A Pong repeats no Ping of the other side. That is allowed, and some programs use it as a sign of life.
    }
finding-pong-matches-no-ping =
    { $side ->
        [client] The client sent a Pong whose payload is that of none of the server's unanswered Pings. An answer repeats the payload of its Ping.
        [server] The server sent a Pong whose payload is that of none of the client's unanswered Pings. An answer repeats the payload of its Ping.
       *[unknown] A Pong's payload is that of none of the unanswered Pings. An answer repeats the payload of its Ping.
    }
finding-ping-not-answered =
    { $side ->
        [client] The client had not answered this Ping with a Pong when the connection ended.
        [server] The server had not answered this Ping with a Pong when the connection ended.
       *[unknown] This Ping had not been answered with a Pong when the connection ended.
    }
finding-ended-without-close = The connection ended and neither side had sent a Close. Both sides report 1006.
finding-close-not-answered =
    { $side ->
        [client] The client was sent a Close, and none came from the client before the connection ended. The server reports 1006.
        [server] The server was sent a Close, and none came from the server before the connection ended. The client reports 1006.
       *[unknown] A Close was sent, and none came back before the connection ended. The side that sent it reports 1006.
    }
finding-close-not-answered-in-time =
    { $side ->
        [client] The client was sent a Close and did not answer it in the time that the server waited. The server reports 1006.
        [server] The server was sent a Close and did not answer it in the time that the client waited. The client reports 1006.
       *[unknown] A Close was not answered in the time that its sender waited, who reports 1006.
    }
finding-client-ended-transport-first = After the closing handshake the client ended TCP first. That is the server's part: the side that ends TCP first keeps the connection's port busy for a while.

# closelook'un açıklamalarının ve bulgularının Türkçe sözleri (Fluent söz dizimi, https://projectfluent.org).
# Anahtarlar en.ftl ile aynıdır; burada eksik olan İngilizce gösterilir.
#
# Bir metnin içindeki satır sonu boşluktur; boş satır yeni paragraf, "- " ile başlayan satır yeni liste öğesi başlatır.
# $view, okuyan kişi canlı oturumun istemcisiyse "client" ("siz"), kayıttan okunan bir oturumda "observer" olur.
# $side "client", "server" ya da taraf belli değilse "unknown" olur. Protokol terimlerinin İngilizcesi ilk geçtikleri yerde ayraç içindedir.

language-name = Türkçe

## Başlıklar ve etiketler

heading-description = Açıklama
heading-when-seen = Gördüğünüzde
heading-how-to-fix = Nasıl Düzeltilir
heading-key-differences = Temel Farklar
heading-which-to-use = Hangisini Ne Zaman Kullanmalı
heading-learn-more = Daha Fazla Öğren

label-evidence = Kanıtlar
label-verdict = Sonuç
label-reports = Her taraf ne bildiriyor
label-next-steps = Şimdi ne yapmalı
label-observed = bu oturumda görüldü
label-known-uses = Belgelenmiş kullanımları:
label-more-bytes =
    { $count ->
        [one] ve 1 bayt daha
       *[other] ve { $count } bayt daha
    }
label-code-and-name = { $code } { $name }

side-client = istemci
side-server = sunucu

## Kapanış çerçevesinin baytlarda işaretlenen alanları (RFC 6455 5.2 ve 5.5.1)

field-first-byte = ilk bayt
field-length = uzunluk
field-masking-key = maskeleme anahtarı (masking key)
field-code = kod
field-half-code = yarım kod
field-reason = gerekçe (reason)

field-first-byte-meaning =
    { $final ->
        [yes] FIN ve işlem kodu (opcode) 8, Close
       *[no] işlem kodu (opcode) 8, Close, FIN yok: denetim çerçevesi parçalanamaz
    }
field-first-byte-reserved-bits = ayrılmış (reserved) bir bit kurulu
field-length-meaning =
    { $masked ->
        [yes] maskeli
       *[no] maskesiz
    }, yük (payload) { $length ->
        [0] uzunluğu 0: koda yer yok
        [one] 1 bayt: yarım kod
       *[other] { $length } bayt
    }
field-masking-key-meaning = yük bununla XOR işleminden geçirilir
field-code-meaning = { $code }
field-code-meaning-masked = maskesi açılınca { $unmasked }, yani { $code }
field-half-code-meaning = bir kod iki bayt ister
field-half-code-meaning-masked = maskesi açılınca { $unmasked }; bir kod iki bayt ister
field-reason-meaning = “{ $reason }”
field-reason-meaning-masked = maskesi açılınca “{ $reason }”

## Bitişler: ilk Close'u kimin gönderdiğine, içinde ne olduğuna ve ne yanıt geldiğine göre ne olduğu
## $first ve $reply iki kapanış çerçevesinin kodlarıdır.

ending-client-code-same =
    { $view ->
        [client]
            Kapanışı siz başlattınız: kapanış çerçevenizde (Close frame) { $first } kodu vardı. Sunucu aynı kodu taşıyan bir Close ile yanıt
            verdi. Her taraf aldığı Close'daki kodu bildirir; bu yüzden iki taraf da { $first } bildirir: siz sunucunun çerçevesi nedeniyle,
            sunucu da sizinki nedeniyle.
       *[observer]
            Kapanışı istemci başlattı: kapanış çerçevesinde (Close frame) { $first } kodu vardı. Sunucu aynı kodu taşıyan bir Close ile yanıt
            verdi. Her taraf aldığı Close'daki kodu bildirir; bu yüzden iki taraf da { $first } bildirir: istemci sunucunun çerçevesi
            nedeniyle, sunucu da istemcininki nedeniyle.
    }
    .headline =
        { $view ->
            [client] { $first } koduyla kapattınız, sunucu aynı kodla yanıt verdi
           *[observer] İstemci { $first } koduyla kapattı, sunucu aynı kodla yanıt verdi
        }

ending-client-code-other =
    { $view ->
        [client]
            İlk kapanış çerçevesini (Close frame) siz gönderdiniz; içinde { $first } kodu vardı. Sunucunun Close çerçevesinde { $reply } kodu
            vardı. Her taraf gönderdiği kodu değil, aldığı kodu bildirir: siz { $reply }, sunucu { $first } bildirir. Bildirimler farklıdır ve
            ikisi de doğrudur.
       *[observer]
            İlk kapanış çerçevesini (Close frame) istemci gönderdi; içinde { $first } kodu vardı. Sunucunun Close çerçevesinde { $reply } kodu
            vardı. Her taraf gönderdiği kodu değil, aldığı kodu bildirir: istemci { $reply }, sunucu { $first } bildirir. Bildirimler
            farklıdır ve ikisi de doğrudur.
    }
    .headline =
        { $view ->
            [client] { $first } koduyla kapattınız; sunucunun Close çerçevesi { $reply } diyor
           *[observer] İstemci { $first } koduyla kapattı; sunucunun Close çerçevesi { $reply } diyor
        }

ending-client-code-empty =
    { $view ->
        [client]
            Kapanışı siz başlattınız: kapanış çerçevenizde (Close frame) { $first } kodu vardı. Sunucu, içinde koda yer olmayan boş bir Close
            ile yanıt verdi. { $first ->
                [1005] Buradaki 1005 gönderilmedi:
               *[other] 1005 kodunu kimse göndermedi:
            } aldığı Close'da kod bulunmadığını söylemek için onu kendi kütüphaneniz üretti. Sunucu sizin { $first } kodunuzu aldı ve
            { $first } bildirir. Bildirimler farklıdır ve ikisi de doğrudur.
       *[observer]
            Kapanışı istemci başlattı: kapanış çerçevesinde (Close frame) { $first } kodu vardı. Sunucu, içinde koda yer olmayan boş bir Close
            ile yanıt verdi. { $first ->
                [1005] Buradaki 1005 gönderilmedi:
               *[other] 1005 kodunu kimse göndermedi:
            } aldığı Close'da kod bulunmadığını söylemek için onu istemcinin kendi kütüphanesi üretti. Sunucu { $first } kodunu aldı ve
            { $first } bildirir. Bildirimler farklıdır ve ikisi de doğrudur.
    }
    .headline =
        { $view ->
            [client] { $first } gönderdiniz, sunucu boş bir Close ile yanıt verdi: 1005 görmenizin nedeni bu
           *[observer] İstemci { $first } gönderdi, sunucu boş bir Close ile yanıt verdi: istemci 1005 bildirir
        }

ending-client-code-none =
    { $view ->
        [client]
            Kapanışı siz başlattınız: kapanış çerçevenizde (Close frame) { $first } kodu vardı. Sunucudan bir Close gelmeden bağlantı bitti.
            Close almadığınız için, { $first } göndermiş olsanız da 1006 bildirirsiniz. Sunucu, bağlantı kopmadan çerçevenizi okuduysa
            { $first } bildirir.
       *[observer]
            Kapanışı istemci başlattı: kapanış çerçevesinde (Close frame) { $first } kodu vardı. Sunucudan bir Close gelmeden bağlantı bitti.
            İstemci Close almadığı için, { $first } göndermiş olsa da 1006 bildirir. Sunucu, bağlantı kopmadan o çerçeveyi okuduysa { $first }
            bildirir.
    }
    .headline =
        { $view ->
            [client] { $first } koduyla kapattınız, karşılığında Close gelmedi: 1006 görürsünüz
           *[observer] İstemci { $first } koduyla kapattı, karşılığında Close gelmedi: istemci 1006 bildirir
        }

ending-client-empty-empty =
    { $view ->
        [client]
            Kapanışı siz başlattınız ve boş bir kapanış çerçevesi (Close frame) gönderdiniz: uzunluk 0, koda yer yok. Sunucu da aynı biçimde,
            kendi boş Close çerçevesiyle yanıt verdi. İki tarafın da 1005 görmesinin nedeni budur. 1005 kodunu kimse göndermedi: aldığı Close'da
            kod bulunmadığını söylemek için onu her tarafın kütüphanesi kendisi üretti.
       *[observer]
            Kapanışı istemci başlattı ve boş bir kapanış çerçevesi (Close frame) gönderdi: uzunluk 0, koda yer yok. Sunucu da aynı biçimde,
            kendi boş Close çerçevesiyle yanıt verdi. İki tarafın da 1005 bildirmesinin nedeni budur. 1005 kodunu kimse göndermedi: aldığı
            Close'da kod bulunmadığını söylemek için onu her tarafın kütüphanesi kendisi üretti.
    }
    .headline =
        { $view ->
            [client] Boş bir Close gönderdiniz, sunucu da aynısını geri yolladı: iki tarafın 1005 görmesinin nedeni bu
           *[observer] İstemci boş bir Close gönderdi, sunucu da aynısını geri yolladı: iki taraf da 1005 bildirir
        }

ending-client-empty-code =
    { $view ->
        [client]
            Kapanışı siz başlattınız ve boş bir kapanış çerçevesi (Close frame) gönderdiniz: uzunluk 0, koda yer yok. Sunucunun Close
            çerçevesinde { $reply } kodu vardı; bu yüzden siz { $reply } bildirirsiniz. Sunucu kodsuz bir Close aldığı için 1005 bildirir; bunu
            kendi kütüphanesi üretti: siz 1005 göndermediniz. Bildirimler farklıdır ve ikisi de doğrudur.
       *[observer]
            Kapanışı istemci başlattı ve boş bir kapanış çerçevesi (Close frame) gönderdi: uzunluk 0, koda yer yok. Sunucunun Close çerçevesinde
            { $reply } kodu vardı; bu yüzden istemci { $reply } bildirir. Sunucu kodsuz bir Close aldığı için 1005 bildirir; bunu kendi
            kütüphanesi üretti: istemci 1005 göndermedi. Bildirimler farklıdır ve ikisi de doğrudur.
    }
    .headline =
        { $view ->
            [client] Boş bir Close gönderdiniz, sunucu { $reply } ile yanıt verdi: siz { $reply }, sunucu 1005 görür
           *[observer] İstemci boş bir Close gönderdi, sunucu { $reply } ile yanıt verdi: istemci { $reply }, sunucu 1005 bildirir
        }

ending-client-empty-none =
    { $view ->
        [client]
            Kapanışı siz başlattınız ve boş bir kapanış çerçevesi (Close frame) gönderdiniz: uzunluk 0, koda yer yok. Sunucudan bir Close
            gelmeden bağlantı bitti. Close almadığınız için 1006 bildirirsiniz. Sunucu, bağlantı kopmadan çerçevenizi okuduysa 1005 bildirir.
       *[observer]
            Kapanışı istemci başlattı ve boş bir kapanış çerçevesi (Close frame) gönderdi: uzunluk 0, koda yer yok. Sunucudan bir Close gelmeden
            bağlantı bitti. İstemci Close almadığı için 1006 bildirir. Sunucu, bağlantı kopmadan o çerçeveyi okuduysa 1005 bildirir.
    }
    .headline =
        { $view ->
            [client] Boş bir Close gönderdiniz, karşılığında Close gelmedi: 1006 görürsünüz
           *[observer] İstemci boş bir Close gönderdi, karşılığında Close gelmedi: istemci 1006 bildirir
        }

ending-server-code-same =
    { $view ->
        [client]
            Kapanışı sunucu başlattı: kapanış çerçevesinde (Close frame) { $first } kodu vardı. Siz aynı kodu taşıyan bir Close ile yanıt
            verdiniz. Her taraf aldığı Close'daki kodu bildirir; bu yüzden iki taraf da { $first } bildirir: siz sunucunun çerçevesi nedeniyle,
            sunucu da sizinki nedeniyle.
       *[observer]
            Kapanışı sunucu başlattı: kapanış çerçevesinde (Close frame) { $first } kodu vardı. İstemci aynı kodu taşıyan bir Close ile yanıt
            verdi. Her taraf aldığı Close'daki kodu bildirir; bu yüzden iki taraf da { $first } bildirir: istemci sunucunun çerçevesi
            nedeniyle, sunucu da istemcininki nedeniyle.
    }
    .headline =
        { $view ->
            [client] Sunucu { $first } koduyla kapattı, aynı kodla yanıt verdiniz
           *[observer] Sunucu { $first } koduyla kapattı, istemci aynı kodla yanıt verdi
        }

ending-server-code-other =
    { $view ->
        [client]
            İlk kapanış çerçevesini (Close frame) sunucu gönderdi; içinde { $first } kodu vardı. Sizin Close çerçevenizde { $reply } kodu vardı.
            Her taraf gönderdiği kodu değil, aldığı kodu bildirir: siz { $first }, sunucu { $reply } bildirir. Bildirimler farklıdır ve ikisi de
            doğrudur.
       *[observer]
            İlk kapanış çerçevesini (Close frame) sunucu gönderdi; içinde { $first } kodu vardı. İstemcinin Close çerçevesinde { $reply } kodu
            vardı. Her taraf gönderdiği kodu değil, aldığı kodu bildirir: istemci { $first }, sunucu { $reply } bildirir. Bildirimler
            farklıdır ve ikisi de doğrudur.
    }
    .headline =
        { $view ->
            [client] Sunucu { $first } koduyla kapattı; sizin Close çerçeveniz { $reply } diyor
           *[observer] Sunucu { $first } koduyla kapattı; istemcinin Close çerçevesi { $reply } diyor
        }

ending-server-code-empty =
    { $view ->
        [client]
            Kapanışı sunucu başlattı: kapanış çerçevesinde (Close frame) { $first } kodu vardı, bu yüzden { $first } bildirirsiniz. Siz içinde
            koda yer olmayan boş bir Close ile yanıt verdiniz, bu yüzden sunucu 1005 bildirir. { $first ->
                [1005] Buradaki 1005 gönderilmedi:
               *[other] 1005 kodunu kimse göndermedi:
            } aldığı Close'da kod bulunmadığını söylemek için onu sunucunun kendi kütüphanesi üretti. Bildirimler farklıdır ve ikisi de
            doğrudur.
       *[observer]
            Kapanışı sunucu başlattı: kapanış çerçevesinde (Close frame) { $first } kodu vardı, bu yüzden istemci { $first } bildirir. İstemci
            içinde koda yer olmayan boş bir Close ile yanıt verdi, bu yüzden sunucu 1005 bildirir. { $first ->
                [1005] Buradaki 1005 gönderilmedi:
               *[other] 1005 kodunu kimse göndermedi:
            } aldığı Close'da kod bulunmadığını söylemek için onu sunucunun kendi kütüphanesi üretti. Bildirimler farklıdır ve ikisi de
            doğrudur.
    }
    .headline =
        { $view ->
            [client] Sunucu { $first } koduyla kapattı, boş bir Close ile yanıt verdiniz: siz { $first }, sunucu 1005 görür
           *[observer] Sunucu { $first } koduyla kapattı, istemci boş bir Close ile yanıt verdi: sunucu 1005 bildirir
        }

ending-server-code-none =
    { $view ->
        [client]
            Kapanışı sunucu başlattı: kapanış çerçevesinde (Close frame) { $first } kodu vardı, bu yüzden { $first } bildirirsiniz. Sizden
            sunucuya bir Close gitmeden bağlantı bitti. Sunucu Close almadığı için, kendisi { $first } göndermiş olsa da 1006 bildirir.
       *[observer]
            Kapanışı sunucu başlattı: kapanış çerçevesinde (Close frame) { $first } kodu vardı, bu yüzden istemci { $first } bildirir.
            İstemciden sunucuya bir Close gitmeden bağlantı bitti. Sunucu Close almadığı için, kendisi { $first } göndermiş olsa da 1006
            bildirir.
    }
    .headline =
        { $view ->
            [client] Sunucu { $first } koduyla kapattı, karşılığında Close gitmedi: siz { $first }, sunucu 1006 görür
           *[observer] Sunucu { $first } koduyla kapattı, karşılığında Close gitmedi: sunucu 1006 bildirir
        }

ending-server-empty-empty =
    { $view ->
        [client]
            Kapanışı sunucu başlattı ve boş bir kapanış çerçevesi (Close frame) gönderdi: uzunluk 0, koda yer yok. 1005 görmenizin nedeni budur.
            Siz de aynı biçimde, kendi boş Close çerçevenizle yanıt verdiniz; bu yüzden sunucu da 1005 görür. 1005 kodunu kimse göndermedi:
            aldığı Close'da kod bulunmadığını söylemek için onu her tarafın kütüphanesi kendisi üretti.
       *[observer]
            Kapanışı sunucu başlattı ve boş bir kapanış çerçevesi (Close frame) gönderdi: uzunluk 0, koda yer yok. İstemci de aynı biçimde,
            kendi boş Close çerçevesiyle yanıt verdi. İki tarafın da 1005 bildirmesinin nedeni budur. 1005 kodunu kimse göndermedi: aldığı
            Close'da kod bulunmadığını söylemek için onu her tarafın kütüphanesi kendisi üretti.
    }
    .headline =
        { $view ->
            [client] Sunucu kapanışı başlattı ve kod vermedi: 1005 görmenizin nedeni bu
           *[observer] Sunucu kapanışı başlattı ve kod vermedi, istemci de aynısını geri yolladı: iki taraf da 1005 bildirir
        }

ending-server-empty-code =
    { $view ->
        [client]
            Kapanışı sunucu başlattı ve boş bir kapanış çerçevesi (Close frame) gönderdi: uzunluk 0, koda yer yok. 1005 bildirmenizin nedeni
            budur; onu kendi kütüphaneniz üretti: sunucu 1005 göndermedi. Sizin Close çerçevenizde { $reply } kodu vardı, bu yüzden sunucu
            { $reply } bildirir. Bildirimler farklıdır ve ikisi de doğrudur.
       *[observer]
            Kapanışı sunucu başlattı ve boş bir kapanış çerçevesi (Close frame) gönderdi: uzunluk 0, koda yer yok. İstemcinin 1005 bildirmesinin
            nedeni budur; onu kendi kütüphanesi üretti: sunucu 1005 göndermedi. İstemcinin Close çerçevesinde { $reply } kodu vardı, bu yüzden
            sunucu { $reply } bildirir. Bildirimler farklıdır ve ikisi de doğrudur.
    }
    .headline =
        { $view ->
            [client] Sunucu boş bir Close gönderdi, { $reply } ile yanıt verdiniz: siz 1005, sunucu { $reply } görür
           *[observer] Sunucu boş bir Close gönderdi, istemci { $reply } ile yanıt verdi: istemci 1005, sunucu { $reply } bildirir
        }

ending-server-empty-none =
    { $view ->
        [client]
            Kapanışı sunucu başlattı ve boş bir kapanış çerçevesi (Close frame) gönderdi: uzunluk 0, koda yer yok. 1005 bildirmenizin nedeni
            budur. Sizden sunucuya bir Close gitmeden bağlantı bitti. Sunucu Close almadığı için 1006 bildirir.
       *[observer]
            Kapanışı sunucu başlattı ve boş bir kapanış çerçevesi (Close frame) gönderdi: uzunluk 0, koda yer yok. İstemcinin 1005 bildirmesinin
            nedeni budur. İstemciden sunucuya bir Close gitmeden bağlantı bitti. Sunucu Close almadığı için 1006 bildirir.
    }
    .headline =
        { $view ->
            [client] Sunucu boş bir Close gönderdi, karşılığında Close gitmedi: siz 1005, sunucu 1006 görür
           *[observer] Sunucu boş bir Close gönderdi, karşılığında Close gitmedi: istemci 1005, sunucu 1006 bildirir
        }

# Yükü tek bayt olan bir Close. $side onu gönderen taraftır.
ending-half-code =
    { $view ->
        [client]
            { $side ->
                [client] Yükü (payload) tek bayt olan bir kapanış çerçevesi (Close frame) gönderdiniz.
               *[server] Sunucu, yükü (payload) tek bayt olan bir kapanış çerçevesi (Close frame) gönderdi.
            }
       *[observer]
            { $side ->
                [client] İstemci, yükü (payload) tek bayt olan bir kapanış çerçevesi (Close frame) gönderdi.
               *[server] Sunucu, yükü (payload) tek bayt olan bir kapanış çerçevesi (Close frame) gönderdi.
            }
    }
    Bir kod iki bayt ister; bu yüzden bu yarım bir koddur ve RFC 6455 5.5.1'e aykırıdır. Hoşgörülü okunursa Close kod taşımaz ve alan taraf,
    burada gösterildiği gibi 1005 bildirir. Katı kütüphaneler ise oturumu 1002 ile bitirir ve programlarına bir hata gösterir.
    .headline =
        { $view ->
            [client]
                { $side ->
                    [client] Kapanış çerçevenizde yarım bir kod vardı
                   *[server] Sunucunun kapanış çerçevesinde yarım bir kod vardı
                }
           *[observer]
                { $side ->
                    [client] İstemcinin kapanış çerçevesinde yarım bir kod vardı
                   *[server] Sunucunun kapanış çerçevesinde yarım bir kod vardı
                }
        }

## Kapanış çerçevesi olmayan bitişler

ending-dropped-fin-client =
    { $view ->
        [client]
            TCP bağlantısını, TCP'nin olağan bitiş yolu olan FIN ile siz bitirdiniz; ondan önce bir kapanış çerçevesi (Close frame) gitmedi.
            Sunucu Close almadığı için 1006 bildirir. Siz de almadınız, bu yüzden siz de 1006 bildirirsiniz. 1006 kodunu kimse göndermedi: her
            kütüphanenin, hiç kapanış çerçevesi gelmediğine dair kendi notudur.
       *[observer]
            TCP bağlantısını, TCP'nin olağan bitiş yolu olan FIN ile istemci tarafı bitirdi; ondan önce bir kapanış çerçevesi (Close frame)
            gitmedi. İki taraf da Close almadığı için ikisi de 1006 bildirir. 1006 kodunu kimse göndermedi: her kütüphanenin, hiç kapanış
            çerçevesi gelmediğine dair kendi notudur.
    }
    .headline =
        { $view ->
            [client] Bağlantıyı kapanış çerçevesi olmadan bitirdiniz: iki tarafta da 1006
           *[observer] İstemci tarafı bağlantıyı kapanış çerçevesi olmadan bitirdi: iki tarafta da 1006
        }

ending-dropped-fin-server =
    { $view ->
        [client]
            TCP bağlantısını, TCP'nin olağan bitiş yolu olan FIN ile sunucu tarafı bitirdi; ondan önce bir kapanış çerçevesi (Close frame)
            gelmedi. Close almadığınız için 1006 bildirirsiniz. Sunucu da almadı, bu yüzden o da 1006 bildirir. 1006 kodunu kimse göndermedi:
            her kütüphanenin, hiç kapanış çerçevesi gelmediğine dair kendi notudur. Sonlanan bir süreç, WebSocket'i unutup soketi kapatan bir
            kod ve boşta kalan bağlantıyı bitiren bir vekil sunucu (proxy) buradan aynı görünür.
       *[observer]
            TCP bağlantısını, TCP'nin olağan bitiş yolu olan FIN ile sunucu tarafı bitirdi; ondan önce bir kapanış çerçevesi (Close frame)
            gelmedi. İki taraf da Close almadığı için ikisi de 1006 bildirir. 1006 kodunu kimse göndermedi: her kütüphanenin, hiç kapanış
            çerçevesi gelmediğine dair kendi notudur. Sonlanan bir süreç, WebSocket'i unutup soketi kapatan bir kod ve boşta kalan bağlantıyı
            bitiren bir vekil sunucu (proxy) aynı görünür.
    }
    .headline = Bağlantı, sunucu tarafından kapanış çerçevesi olmadan bitirildi: iki tarafta da 1006

ending-dropped-rst-client =
    { $view ->
        [client]
            TCP bağlantısını sıfırladınız (RST) ve daha önce hiçbir kapanış çerçevesi (Close frame) geçmemişti. İki taraf da Close almadığı için
            ikisi de 1006 bildirir. 1006 kodunu kimse göndermedi: her kütüphanenin, hiç kapanış çerçevesi gelmediğine dair kendi notudur.
            Sunucunun programı ayrıca bir bağlantı hatası görebilir.
       *[observer]
            TCP bağlantısını istemci tarafı sıfırladı (RST) ve daha önce hiçbir kapanış çerçevesi (Close frame) geçmemişti. İki taraf da Close
            almadığı için ikisi de 1006 bildirir. 1006 kodunu kimse göndermedi: her kütüphanenin, hiç kapanış çerçevesi gelmediğine dair kendi
            notudur. Sunucunun programı ayrıca bir bağlantı hatası görebilir.
    }
    .headline =
        { $view ->
            [client] Bağlantıyı kapanış çerçevesi olmadan sıfırladınız: iki tarafta da 1006
           *[observer] İstemci tarafı bağlantıyı kapanış çerçevesi olmadan sıfırladı: iki tarafta da 1006
        }

ending-dropped-rst-server =
    { $view ->
        [client]
            Bağlantı sunucu tarafından sıfırlandı (RST) ve daha önce hiçbir kapanış çerçevesi (Close frame) geçmemişti. Close almadığınız için
            1006 bildirirsiniz; sunucu da almadı, o da 1006 bildirir. 1006 kodunu kimse göndermedi: her kütüphanenin, hiç kapanış çerçevesi
            gelmediğine dair kendi notudur. Çöken ya da soketini okunmamış veriyle kapatan bir sunucu böyle görünür; bağlantıdan vazgeçen,
            aradaki bir güvenlik duvarı ya da vekil sunucu (proxy) da.
       *[observer]
            Bağlantı sunucu tarafından sıfırlandı (RST) ve daha önce hiçbir kapanış çerçevesi (Close frame) geçmemişti. İki taraf da Close
            almadığı için ikisi de 1006 bildirir. 1006 kodunu kimse göndermedi: her kütüphanenin, hiç kapanış çerçevesi gelmediğine dair kendi
            notudur. Çöken ya da soketini okunmamış veriyle kapatan bir sunucu böyle görünür; bağlantıdan vazgeçen, yol üzerindeki bir güvenlik
            duvarı ya da vekil sunucu (proxy) da.
    }
    .headline = Bağlantı, sunucu tarafından kapanış çerçevesi olmadan sıfırlandı: iki tarafta da 1006

ending-dropped-timeout =
    { $view ->
        [client]
            Hiçbir kapanış çerçevesi (Close frame) geçmedi ve bağlantı tanınan sürede kendiliğinden bitmedi; bu yüzden bu tarafta ondan
            vazgeçildi. Close olmadığı için iki taraf da 1006 bildirir. 1006 kodunu kimse göndermedi: her kütüphanenin, hiç kapanış çerçevesi
            gelmediğine dair kendi notudur.
       *[observer]
            Hiçbir kapanış çerçevesi (Close frame) geçmedi ve bağlantı tanınan sürede kendiliğinden bitmedi; bu yüzden kaydeden taraf ondan
            vazgeçti. Close olmadığı için iki taraf da 1006 bildirir. 1006 kodunu kimse göndermedi: her kütüphanenin, hiç kapanış çerçevesi
            gelmediğine dair kendi notudur.
    }
    .headline = Oturumu zamanında bitiren olmadı, kapanış çerçevesi olmadan vazgeçildi: 1006

ending-dropped-local =
    { $view ->
        [client]
            Bağlantıyı siz kestiniz: TCP, kapanış çerçevesi (Close frame) olmadan bilerek bitirildi. İki taraf da Close almadığı için ikisi de
            1006 bildirir. 1006 kodunu kimse göndermedi: her kütüphanenin, hiç kapanış çerçevesi gelmediğine dair kendi notudur.
       *[observer]
            Bağlantıyı kaydeden taraf kesti: TCP, kapanış çerçevesi (Close frame) olmadan bilerek bitirildi. İki taraf da Close almadığı için
            ikisi de 1006 bildirir. 1006 kodunu kimse göndermedi: her kütüphanenin, hiç kapanış çerçevesi gelmediğine dair kendi notudur.
    }
    .headline =
        { $view ->
            [client] Bağlantıyı kapanış çerçevesi olmadan kestiniz: iki tarafta da 1006
           *[observer] Kaydeden taraf bağlantıyı kapanış çerçevesi olmadan kesti: iki tarafta da 1006
        }

## Hiç oturum yok

ending-handshake-failed =
    { $view ->
        [client]
            Bağlantı vardı, ama HTTP'den WebSocket'e yükseltme (upgrade) başarılı olmadı. Dolayısıyla hiç oturum kurulmadı ve kimse kapanış
            çerçevesi (Close frame) gönderemezdi. Programınıza, “hiç kapanış çerçevesi gelmedi” demek olan 1006 bildirilir; sunucunun WebSocket
            kodunun bildireceği bir şey yoktur. Neden HTTP yanıtındadır: durum kodunda, başlıklarında ve gövdesinin başında.
       *[observer]
            Bağlantı vardı, ama HTTP'den WebSocket'e yükseltme (upgrade) başarılı olmadı. Dolayısıyla hiç oturum kurulmadı ve kimse kapanış
            çerçevesi (Close frame) gönderemezdi. İstemcinin programına, “hiç kapanış çerçevesi gelmedi” demek olan 1006 bildirilir; sunucunun
            WebSocket kodunun bildireceği bir şey yoktur. Neden HTTP yanıtındadır: durum kodunda, başlıklarında ve gövdesinin başında.
    }
    .headline = WebSocket'e yükseltme başarısız: kapatılacak bir oturum olmadı

ending-connect-failed-dns =
    { $view ->
        [client]
            Sunucu adı bir adrese çözülemedi; bu yüzden hiçbir sunucuya bir şey gönderilmedi. Programınıza 1006 bildirilir; burada bu yalnızca
            “kapanış çerçevesi yoktu” demektir.
       *[observer]
            Sunucu adı bir adrese çözülemedi; bu yüzden hiçbir sunucuya bir şey gönderilmedi. İstemcinin programına 1006 bildirilir; burada bu
            yalnızca “kapanış çerçevesi yoktu” demektir.
    }
    .headline = Sunucu adı çözülemedi

ending-connect-failed-tcp =
    { $view ->
        [client]
            TCP bağlantısı kurulamadı: adres ya reddetti ya da yanıt vermedi. Hiç WebSocket baytı gönderilmedi. Programınıza 1006 bildirilir;
            burada bu yalnızca “kapanış çerçevesi yoktu” demektir.
       *[observer]
            TCP bağlantısı kurulamadı: adres ya reddetti ya da yanıt vermedi. Hiç WebSocket baytı gönderilmedi. İstemcinin programına 1006
            bildirilir; burada bu yalnızca “kapanış çerçevesi yoktu” demektir.
    }
    .headline = TCP bağlantısı kurulamadı

ending-connect-failed-proxy =
    { $view ->
        [client]
            Vekil sunucuya (proxy) ulaşıldı, ama o sunucuya giden yolu açmadı; bu yüzden hiç WebSocket baytı gönderilmedi. Programınıza 1006
            bildirilir; burada bu yalnızca “kapanış çerçevesi yoktu” demektir.
       *[observer]
            Vekil sunucuya (proxy) ulaşıldı, ama o sunucuya giden yolu açmadı; bu yüzden hiç WebSocket baytı gönderilmedi. İstemcinin programına
            1006 bildirilir; burada bu yalnızca “kapanış çerçevesi yoktu” demektir.
    }
    .headline = Vekil sunucu (proxy) sunucuya giden yolu açmadı

ending-connect-failed-tls =
    { $view ->
        [client]
            TCP bağlantısı kuruldu, ama TLS el sıkışması (TLS handshake) başarısız oldu; bu yüzden ardından ne HTTP ne WebSocket baytı
            gelebildi. RFC 6455 bunun için 1015 kodunu ayırır; onu kimse göndermedi. Tarayıcıların, bir sayfa çevresindeki ağı yoklayamasın
            diye, betiklerine bunun yerine 1006 göstermesi beklenir.
       *[observer]
            TCP bağlantısı kuruldu, ama TLS el sıkışması (TLS handshake) başarısız oldu; bu yüzden ardından ne HTTP ne WebSocket baytı
            gelebildi. RFC 6455, istemcinin bildirimi için 1015 kodunu ayırır; onu kimse göndermedi. Tarayıcıların, bir sayfa çevresindeki ağı
            yoklayamasın diye, betiklerine bunun yerine 1006 göstermesi beklenir.
    }
    .headline = TLS el sıkışması başarısız: 1015, yalnızca istemci tarafında bildirilir

## Henüz bitmemiş

ending-open =
    { $view ->
        [client] Hiçbir kapanış çerçevesi (Close frame) geçmedi ve bağlantı bitmedi. Henüz bildirilecek bir kod yok.
       *[observer]
            Hiçbir kapanış çerçevesi (Close frame) geçmedi ve bağlantının bittiğine dair kayıt yok. Oturum ya hâlâ açık ya da kayıt onun bitişinden
            önce duruyor. Bildirilecek bir kod yok.
    }
    .headline =
        { $view ->
            [client] Oturum açık
           *[observer] Bitişe dair kayıt yok
        }

# $first Close'u geçen taraftır ya da "none".
ending-cut-off =
    { $first ->
        [client] İstemcinin bir kapanış çerçevesi (Close frame) geçti ve kayıt, sunucunun yanıtından önce duruyor.
        [server] Sunucunun bir kapanış çerçevesi (Close frame) geçti ve kayıt, istemcinin yanıtından önce duruyor.
       *[none] Hiçbir kapanış çerçevesi (Close frame) geçmedi ve kayıt, bağlantının herhangi bir bitişinden önce duruyor.
    } Ondan sonra olanlar bu kayıtta yok; oturumun nasıl bittiğini bu kayıttan kimse söyleyemez.
    .headline = Kayıt, oturumun bitişinden önce duruyor

# Aynısı: aralarında bir Close olabilecek baytlar kaydedilmediğinde.
ending-not-recorded =
    { $first ->
        [client] İstemcinin bir kapanış çerçevesi (Close frame) geçti. Sunucunun kimi baytları kaydedilmedi; yanıtı bunların arasında olabilir.
        [server] Sunucunun bir kapanış çerçevesi (Close frame) geçti. İstemcinin kimi baytları kaydedilmedi; yanıtı bunların arasında olabilir.
       *[none] Bu kayıtta kapanış çerçevesi (Close frame) yok. Sonundaki kimi baytlar kaydedilmedi; aralarında bir tane olabilir.
    } Oturumun nasıl bittiğini bu kayıttan kimse söyleyemez.
    .headline = Oturumun bitişi olabilecek baytlar kaydedilmedi

ending-code-not-recorded =
    { $side ->
        [client] İstemci, kod taşıyan bir Close gönderdi. Kodun baytları kaydedilmedi; kod da sunucunun ne bildirdiği de bilinmiyor.
       *[server] Sunucu, kod taşıyan bir Close gönderdi. Kodun baytları kaydedilmedi; kod da istemcinin ne bildirdiği de bilinmiyor.
    }
    .headline =
        { $side ->
            [client] İstemcinin Close çerçevesinin kodu kaydedilmedi
           *[server] Sunucunun Close çerçevesinin kodu kaydedilmedi
        }

# $holds "code", "empty" ya da "half" olur.
ending-closing-client =
    { $view ->
        [client]
            { $holds ->
                [code] { $first } kodunu taşıyan bir kapanış çerçevesi (Close frame) gönderdiniz.
                [half] Yükü tek bayt, yani yarım kod olan bir kapanış çerçevesi (Close frame) gönderdiniz.
               *[empty] Boş bir kapanış çerçevesi (Close frame) gönderdiniz: uzunluk 0, koda yer yok.
            } Sunucu henüz kendi Close çerçevesiyle yanıt vermedi; bu yüzden bildireceğiniz bir kod yok. O zamana kadar sunucu hâlâ veri
            gönderebilir.
       *[observer]
            { $holds ->
                [code] İstemci, { $first } kodunu taşıyan bir kapanış çerçevesi (Close frame) gönderdi.
                [half] İstemci, yükü tek bayt, yani yarım kod olan bir kapanış çerçevesi (Close frame) gönderdi.
               *[empty] İstemci boş bir kapanış çerçevesi (Close frame) gönderdi: uzunluk 0, koda yer yok.
            } Sunucudan bir Close ve bağlantının bittiğine dair kayıt yok; bu yüzden istemcinin bildireceği bir kod yok.
    }
    .headline =
        { $view ->
            [client] Kapanıyor: bir Close gönderdiniz, sunucununki bekleniyor
           *[observer] Kapanıyor: istemci bir Close gönderdi, sunucununki kayıtta yok
        }

ending-closing-server =
    { $view ->
        [client]
            { $holds ->
                [code] Sunucu, { $first } kodunu taşıyan bir kapanış çerçevesi (Close frame) gönderdi; bu yüzden { $first } bildireceksiniz.
                [half] Sunucu, yükü tek bayt, yani yarım kod olan bir kapanış çerçevesi (Close frame) gönderdi.
               *[empty] Sunucu boş bir kapanış çerçevesi (Close frame) gönderdi: uzunluk 0, koda yer yok. Bu yüzden 1005 bildireceksiniz.
            } Siz henüz kendi Close çerçevenizle yanıt vermediniz.
       *[observer]
            { $holds ->
                [code] Sunucu, { $first } kodunu taşıyan bir kapanış çerçevesi (Close frame) gönderdi; bu yüzden istemci { $first } bildirir.
                [half] Sunucu, yükü tek bayt, yani yarım kod olan bir kapanış çerçevesi (Close frame) gönderdi.
               *[empty] Sunucu boş bir kapanış çerçevesi (Close frame) gönderdi: uzunluk 0, koda yer yok. Bu yüzden istemci 1005 bildirir.
            } İstemciden bir Close ve bağlantının bittiğine dair kayıt yok.
    }
    .headline =
        { $view ->
            [client] Kapanıyor: sunucu bir Close gönderdi, sizinki gönderilmedi
           *[observer] Kapanıyor: sunucu bir Close gönderdi, istemcininki kayıtta yok
        }

## Bir bitişin ardından gelebilecek cümleler

ending-reason =
    { $view ->
        [client]
            { $side ->
                [client] Verdiğiniz gerekçe (reason): “{ $reason }”.
               *[server] Sunucunun verdiği gerekçe (reason): “{ $reason }”.
            }
       *[observer]
            { $side ->
                [client] İstemcinin verdiği gerekçe (reason): “{ $reason }”.
               *[server] Sunucunun verdiği gerekçe (reason): “{ $reason }”.
            }
    }

ending-code-not-allowed =
    { $view ->
        [client]
            { $side ->
                [client] Kapanış çerçeveniz hatta gerçekten { $code } taşıyordu; { $code } bir kapanış çerçevesinde bulunmamalıdır.
               *[server] Sunucunun kapanış çerçevesi hatta gerçekten { $code } taşıyordu; { $code } bir kapanış çerçevesinde bulunmamalıdır.
            }
       *[observer]
            { $side ->
                [client] İstemcinin kapanış çerçevesi hatta gerçekten { $code } taşıyordu; { $code } bir kapanış çerçevesinde bulunmamalıdır.
               *[server] Sunucunun kapanış çerçevesi hatta gerçekten { $code } taşıyordu; { $code } bir kapanış çerçevesinde bulunmamalıdır.
            }
    }
    Burada gösterilen bildirim, gönderildiği hâliyle bu sayıdır. Katı bir kütüphane bunu protokol hatası sayar, 1002 ile yanıt verir ve kendi
    programına bunun yerine 1002 ya da bir hata gösterebilir.

## Kanıtlar: dört satır

evidence-received =
    { $view ->
        [client] Aldığınız ilk Close
       *[observer] İstemcinin aldığı ilk Close
    }
evidence-sent =
    { $view ->
        [client] Gönderdiğiniz Close
       *[observer] İstemcinin gönderdiği Close
    }
    .remark =
        { $view ->
            [client] Kendi kapanış olayınızın bildirdiği bu değildir.
           *[observer] İstemcinin kendi kapanış olayının bildirdiği bu değildir.
        }
evidence-order = Sıra ve süre
evidence-transport = TCP nasıl bitti

# $code adıyla birlikte bir koddur; $reasoned bir gerekçe olup olmadığını söyler.
evidence-close-code =
    { $code }{ $reasoned ->
        [yes] , gerekçe “{ $reason }”
       *[no] , gerekçe yok
    }
evidence-close-empty = uzunluk 0: koda yer yok
evidence-close-half = uzunluk 1: yarım kod ve bir ihlal
evidence-close-not-recorded = kodu kaydedilmedi
evidence-close-none = yok

evidence-order-none = Hiçbir kapanış çerçevesi geçmedi.
evidence-order-one =
    { $view ->
        [client]
            { $first ->
                [client] Tek Close'u siz gönderdiniz, oturumun { $at }. saniyesinde.
               *[server] Tek Close'u sunucu gönderdi, oturumun { $at }. saniyesinde.
            }
       *[observer]
            { $first ->
                [client] Tek Close'u istemci gönderdi, oturumun { $at }. saniyesinde.
               *[server] Tek Close'u sunucu gönderdi, oturumun { $at }. saniyesinde.
            }
    }
evidence-order-both =
    { $view ->
        [client]
            { $first ->
                [client] İlk siz gönderdiniz, oturumun { $at }. saniyesinde. Sunucunun Close'u { $gap } sonra geldi.
               *[server] İlk sunucu gönderdi, oturumun { $at }. saniyesinde. Sizin Close'unuz { $gap } sonra gitti.
            }
       *[observer]
            { $first ->
                [client] İlk istemci gönderdi, oturumun { $at }. saniyesinde. Sunucunun Close'u { $gap } sonra geldi.
               *[server] İlk sunucu gönderdi, oturumun { $at }. saniyesinde. İstemcinin Close'u { $gap } sonra gitti.
            }
    }
evidence-order-frames =
    { $view ->
        [client]
            { $first ->
                [client] İkisinin arasında sunucu { $count ->
                        [0] başka çerçeve göndermedi
                        [one] 1 çerçeve daha gönderdi
                       *[other] { $count } çerçeve daha gönderdi
                    }.
               *[server] İkisinin arasında siz { $count ->
                        [0] başka çerçeve göndermediniz
                        [one] 1 çerçeve daha gönderdiniz
                       *[other] { $count } çerçeve daha gönderdiniz
                    }.
            }
       *[observer]
            { $first ->
                [client] İkisinin arasında sunucu { $count ->
                        [0] başka çerçeve göndermedi
                        [one] 1 çerçeve daha gönderdi
                       *[other] { $count } çerçeve daha gönderdi
                    }.
               *[server] İkisinin arasında istemci { $count ->
                        [0] başka çerçeve göndermedi
                        [one] 1 çerçeve daha gönderdi
                       *[other] { $count } çerçeve daha gönderdi
                    }.
            }
    }
evidence-order-frames-unanswered =
    { $view ->
        [client]
            { $first ->
                [client] Ardından sunucu { $count ->
                        [0] başka çerçeve göndermedi
                        [one] 1 çerçeve daha gönderdi
                       *[other] { $count } çerçeve daha gönderdi
                    }, Close ise göndermedi.
               *[server] Ardından siz { $count ->
                        [0] başka çerçeve göndermediniz
                        [one] 1 çerçeve daha gönderdiniz
                       *[other] { $count } çerçeve daha gönderdiniz
                    }, Close ise göndermediniz.
            }
       *[observer]
            { $first ->
                [client] Ardından sunucu { $count ->
                        [0] başka çerçeve göndermedi
                        [one] 1 çerçeve daha gönderdi
                       *[other] { $count } çerçeve daha gönderdi
                    }, Close ise göndermedi.
               *[server] Ardından istemci { $count ->
                        [0] başka çerçeve göndermedi
                        [one] 1 çerçeve daha gönderdi
                       *[other] { $count } çerçeve daha gönderdi
                    }, Close ise göndermedi.
            }
    }
evidence-order-may-have-crossed =
    Bir Close, başka birine yanıt olup olmadığını söylemez: bu ikisi farklı olduğuna göre aynı anda gönderilip yolda karşılaşmış da
    olabilirler.

## TCP nasıl bitti

transport-not-ended =
    { $view ->
        [client] Henüz bitmedi.
       *[observer] Bitişi kayıtta yok.
    }
transport-never-was = TCP bağlantısı olmadı.
transport-without-session = TCP bağlantısı kuruldu, bitişi kayıtta yok.
transport-fin =
    { $view ->
        [client]
            { $side ->
                [client] İlk siz bitirdiniz, bir FIN ile.
               *[server] İlk sunucu tarafı bitirdi, bir FIN ile.
            }
       *[observer]
            { $side ->
                [client] İlk istemci tarafı bitirdi, bir FIN ile.
               *[server] İlk sunucu tarafı bitirdi, bir FIN ile.
            }
    }
transport-rst =
    { $view ->
        [client]
            { $side ->
                [client] Siz sıfırladınız (RST).
               *[server] Sunucu tarafından sıfırlandı (RST).
            }
       *[observer]
            { $side ->
                [client] İstemci tarafından sıfırlandı (RST).
               *[server] Sunucu tarafından sıfırlandı (RST).
            }
    }
transport-timeout =
    { $view ->
        [client]
            { $side ->
                [client] Sunucu zamanında bitirmedi; beklemeyi bıraktınız.
               *[server] İstemci zamanında bitirmedi; sunucu tarafı beklemeyi bıraktı.
            }
       *[observer]
            { $side ->
                [client] Sunucu zamanında bitirmedi; istemci tarafı beklemeyi bıraktı.
               *[server] İstemci zamanında bitirmedi; sunucu tarafı beklemeyi bıraktı.
            }
    }
transport-local =
    { $view ->
        [client]
            { $side ->
                [client] Bilerek siz bitirdiniz.
               *[server] Sunucu tarafında bilerek bitirildi.
            }
       *[observer]
            { $side ->
                [client] İstemci tarafında bilerek bitirildi.
               *[server] Sunucu tarafında bilerek bitirildi.
            }
    }
transport-second-fin =
    { $view ->
        [client]
            { $side ->
                [client] Ardından siz FIN gönderdiniz.
               *[server] Ardından sunucu tarafı FIN gönderdi.
            }
       *[observer]
            { $side ->
                [client] Ardından istemci tarafı FIN gönderdi.
               *[server] Ardından sunucu tarafı FIN gönderdi.
            }
    }
transport-second-rst =
    { $view ->
        [client]
            { $side ->
                [client] Sonra siz sıfırladınız (RST).
               *[server] Sonra sunucu tarafından bir sıfırlama (RST) geldi.
            }
       *[observer]
            { $side ->
                [client] Sonra istemci tarafından bir sıfırlama (RST) geldi.
               *[server] Sonra sunucu tarafından bir sıfırlama (RST) geldi.
            }
    }
transport-second-timeout =
    { $view ->
        [client]
            { $side ->
                [client] Öteki yarı zamanında bitmedi; beklemeyi bıraktınız.
               *[server] Öteki yarı zamanında bitmedi; sunucu tarafı beklemeyi bıraktı.
            }
       *[observer]
            { $side ->
                [client] Öteki yarı zamanında bitmedi; istemci tarafı beklemeyi bıraktı.
               *[server] Öteki yarı zamanında bitmedi; sunucu tarafı beklemeyi bıraktı.
            }
    }
transport-second-local =
    { $view ->
        [client]
            { $side ->
                [client] Öteki yarıyı siz bitirdiniz.
               *[server] Öteki yarıyı sunucu tarafı bitirdi.
            }
       *[observer]
            { $side ->
                [client] Öteki yarıyı istemci tarafı bitirdi.
               *[server] Öteki yarıyı sunucu tarafı bitirdi.
            }
    }
transport-server-first = İki kapanış çerçevesinden sonra bu sunucunun görevidir (RFC 6455 7.1.1).
transport-client-first =
    İki kapanış çerçevesi de geçtikten sonra buna izin vardır; RFC 6455 7.1.1, bitişten sonraki bekleme süresi (TIME_WAIT) istemcide değil
    sunucuda kalsın diye önce sunucunun bitirmesini ister.
transport-reset-caution =
    Bir sıfırlama, gelmiş ama henüz okunmamış baytları çöpe atabilir; bu yüzden hemen öncesinde kendisine Close gönderilmiş bir programa yine de
    1006 bildirilmiş olabilir.

## Sonuç: birbirinden ayrı iki eksen

axis-code = Kod
    .none = henüz yok
    .no-code = yok
    .not-known = bilinmiyor
    .two-reports = istemci { $client }, sunucu { $server }
    .of-side =
        { $view ->
            [client] Sayı yalnızca aldığınız ilk Close'dan gelir: gönderdiğinizden de TCP'nin nasıl bittiğinden de değil.
           *[observer] Her tarafın sayısı yalnızca o tarafın aldığı ilk Close'dan gelir: gönderdiğinden de TCP'nin nasıl bittiğinden de değil.
        }
    .no-status = 1005 tek bir şey söyler: gelen Close kod taşımıyordu. Ne başarıdır ne başarısızlık.
    .abnormal = 1006 tek bir şey söyler: hiç kapanış çerçevesi gelmedi. Bunun kimin işi olduğunu söylemez.
    .tls = 1015 tek bir şey söyler: TLS el sıkışması başarısız oldu, bu yüzden hiçbir şey alınıp verilemedi.
    .pending = Bir Close alınınca ya da bağlantı bitince bir sayı olur.
    .cut-off = Kayıt, bir Close alınmadan ve bağlantı bitmeden duruyor.
    .not-recorded = Bir Close ya da kodu olabilecek baytlar kaydedilmedi.

axis-clean = Temiz
    .yes = evet
    .no = hayır
    .open = belli değil
    .both = İki taraf da bir kapanış çerçevesi gönderdi. “Temiz” (clean) yalnızca bunu söyler, koda bağlı değildir: 1005 de temiz olabilir, 1011 de.
    .only-client =
        { $view ->
            [client] Yalnızca siz kapanış çerçevesi gönderdiniz, sunucununki gelmedi. “Temiz” (clean) ikisini de ister.
           *[observer] Yalnızca istemci kapanış çerçevesi gönderdi, sunucununki gelmedi. “Temiz” (clean) ikisini de ister.
        }
    .only-server =
        { $view ->
            [client] Yalnızca sunucu kapanış çerçevesi gönderdi, sizinki gönderilmedi. “Temiz” (clean) ikisini de ister.
           *[observer] Yalnızca sunucu kapanış çerçevesi gönderdi, istemcininki gönderilmedi. “Temiz” (clean) ikisini de ister.
        }
    .neither = İki taraf da kapanış çerçevesi göndermedi. “Temiz” (clean) ikisini de ister.
    .no-session = Oturum olmadı, bu yüzden temizce kapatılacak bir şey de yoktu.
    .pending = İki taraf da kapanış çerçevesi gönderince kapanış temizdir.
    .cut-off = Kayıt bitişten önce duruyor: iki tarafın da kapanış çerçevesi gönderip göndermediği bilinmiyor.
    .not-recorded = Aralarında bir kapanış çerçevesi olabilecek baytlar kaydedilmedi: iki tarafın da gönderip göndermediği bilinmiyor.

## Her tarafın ne bildirdiği ve neden. $code bildirimdir.

report-client-code =
    { $view ->
        [client] Aldığınız ilk Close { $code } taşıyordu.
       *[observer] İstemcinin aldığı ilk Close { $code } taşıyordu.
    }
report-client-empty =
    { $view ->
        [client] Aldığınız ilk Close boştu. Bunu söylemek için 1005'i kütüphaneniz üretti; sunucu göndermedi.
       *[observer] İstemcinin aldığı ilk Close boştu. Bunu söylemek için 1005'i istemcinin kütüphanesi üretir; sunucu göndermedi.
    }
report-client-half =
    { $view ->
        [client] Aldığınız ilk Close tek bayt taşıyordu, bu bir kod değildir. Katı kütüphaneler burada hata bildirir.
       *[observer] İstemcinin aldığı ilk Close tek bayt taşıyordu, bu bir kod değildir. Katı kütüphaneler burada hata bildirir.
    }
report-client-nothing =
    { $view ->
        [client] Bağlantı bitene kadar Close almadınız. Bunu söylemek için 1006'yı kütüphaneniz üretti.
       *[observer] İstemci, bağlantı bitene kadar Close almadı. Bunu söylemek için 1006'yı kütüphanesi üretir.
    }
report-client-tls =
    { $view ->
        [client] TLS el sıkışması başarısız oldu. Sayı yalnızca sizin programınız içindir (tarayıcıların 1006 göstermesi beklenir).
       *[observer] TLS el sıkışması başarısız oldu. Sayı yalnızca istemcinin programı içindir (tarayıcıların 1006 göstermesi beklenir).
    }
report-client-no-session =
    { $view ->
        [client] Oturum olmadığı için Close gelemezdi. Bunu söylemek için 1006'yı kütüphaneniz üretir.
       *[observer] Oturum olmadığı için Close gelemezdi. Bunu söylemek için 1006'yı istemcinin kütüphanesi üretir.
    }
report-client-pending =
    { $view ->
        [client] Henüz bir şey yok: Close almadınız ve bağlantı bitmedi.
       *[observer] Bir şey yok: istemciye giden bir Close ve bağlantının bittiğine dair kayıt yok.
    }
report-client-cut-off = Bilinmiyor: kayıt, istemci bir Close almadan ve bağlantı bitmeden duruyor.
report-server-cut-off = Bilinmiyor: kayıt, sunucu bir Close almadan ve bağlantı bitmeden duruyor.
report-client-not-recorded = Bilinmiyor: aralarında istemciye bir Close olabilecek baytlar kaydedilmedi.
report-server-not-recorded = Bilinmiyor: aralarında sunucuya bir Close olabilecek baytlar kaydedilmedi.
report-client-code-not-recorded = Bilinmiyor: istemcinin aldığı ilk Close bir kod taşıyordu, baytları ise kaydedilmedi.
report-server-code-not-recorded = Bilinmiyor: sunucunun aldığı ilk Close bir kod taşıyordu, baytları ise kaydedilmedi.
report-server-code =
    { $view ->
        [client] Sunucunun aldığı ilk Close sizinkiydi ve { $code } taşıyordu.
       *[observer] Sunucunun aldığı ilk Close { $code } taşıyordu.
    }
report-server-empty =
    { $view ->
        [client] Sunucunun aldığı ilk Close sizinkiydi ve boştu. Bunu söylemek için 1005'i sunucunun kütüphanesi üretir; siz göndermediniz.
       *[observer] Sunucunun aldığı ilk Close boştu. Bunu söylemek için 1005'i sunucunun kütüphanesi üretir; istemci göndermedi.
    }
report-server-half =
    { $view ->
        [client] Sunucunun aldığı ilk Close sizinkiydi ve tek bayt taşıyordu, bu bir kod değildir. Katı kütüphaneler burada hata bildirir.
       *[observer] Sunucunun aldığı ilk Close tek bayt taşıyordu, bu bir kod değildir. Katı kütüphaneler burada hata bildirir.
    }
report-server-nothing =
    { $view ->
        [client] Sunucu, bağlantı bitene kadar sizden Close almadı. Bunu söylemek için 1006'yı kütüphanesi üretir.
       *[observer] Sunucu, bağlantı bitene kadar Close almadı. Bunu söylemek için 1006'yı kütüphanesi üretir.
    }
report-server-no-connection = Sunucu, hakkında bir şey bildirebileceği bir bağlantı görmedi.
report-server-no-session = Sunucunun WebSocket oturumu olmadı; WebSocket kodunun bildireceği bir şey yok.
report-server-pending =
    { $view ->
        [client] Henüz bir şey yok: sunucu sizden Close almadı ve bağlantı bitmedi.
       *[observer] Bir şey yok: sunucuya giden bir Close ve bağlantının bittiğine dair kayıt yok.
    }

## Şimdi ne yapmalı

next-nothing-client =
    { $view ->
        [client] Düzeltilecek bir şey yok. Kapatmak istememişseniz kendi programınızda erken bir close() arayın: ilk Close sizinkiydi.
       *[observer] Düzeltilecek bir şey yok. Bitiş erken geldiyse istemcinin programında erken bir close() arayın: ilk Close istemcininkiydi.
    }
next-nothing-server =
    Düzeltilecek bir şey yok. Bitiş erken geldiyse sunucunun programında erken bir close() arayın: ilk Close sunucununkiydi.
next-empty-first-client =
    { $view ->
        [client] 1005'ten kaçınmak için kapatırken bir kod verin: argümansız close() yerine close(1000, "done"). Boş olan ilk Close sizinkiydi; sunucu onu yalnızca geri yolladı ya da yanıtladı.
       *[observer] 1005'ten kaçınmak için istemcinin programı kapatırken bir kod versin: argümansız close() yerine close(1000, "done"). Boş olan, istemcinin gönderdiği ilk Close'du.
    }
next-empty-first-server =
    1005'ten kaçınmak için sunucunun programı kapatırken bir kod versin: argümansız bir kapatma çağrısı yerine close(1000, "done"). O kod sizin
    değilse bir şey yapmak gerekmez: boş bir Close'a izin vardır.
next-empty-reply-client =
    { $view ->
        [client] Sunucunun koduna verdiğiniz yanıt boştu, bu yüzden sunucu 1005 kaydeder. Yanıt normalde alınan kodu yineler (RFC 6455 5.5.1): kütüphanenizde Close'u yanıtlayan yere bakın.
       *[observer] İstemcinin, sunucunun koduna verdiği yanıt boştu, bu yüzden sunucu 1005 kaydeder. Yanıt normalde alınan kodu yineler (RFC 6455 5.5.1): istemcinin kütüphanesinde Close'u yanıtlayan yere bakın.
    }
next-empty-reply-server =
    Kendisine bir kod gönderildiği hâlde sunucunun yanıtı boştu. Yanıt normalde alınan kodu yineler (RFC 6455 5.5.1): sunucunun kapanışı ele
    alan koduna ya da onun yerine yanıt veren vekil sunucuya (proxy) bakın.
next-log-both =
    Gönderilen kodla alınan kodu, iki tarafta da iki ayrı değer olarak günlüğe (log) yazın: tek bir sayı, kimin neyle kapattığını söyleyemez.
next-no-reply-client =
    { $view ->
        [client] Bağlantıyı bitirmeden önce bir Close'a Close ile yanıt verin: program sonuna kadar okumayı sürdürürse çoğu kütüphane bunu yapar.
       *[observer] İstemci, bağlantıyı bitirmeden önce bir Close'a Close ile yanıt vermeli: program sonuna kadar okumayı sürdürürse çoğu kütüphane bunu yapar.
    }
next-no-reply-server =
    Bir Close geldiğinde sunucunun ne yaptığına bakın: kendi Close çerçevesiyle yanıt vermeli, sonra TCP'yi bitirmelidir. Okumayı bırakmış bir
    sunucu ya da Close'u iletmeyen bir vekil sunucu (proxy) buradan aynı görünür.
next-half-code = Close yükünü oluşturan koda bakın: kodun iki baytını da, yüksek baytı önde olmak üzere alır ya da hiç almaz.
next-code-not-allowed = Sayının kapatma çağrısına verildiği yeri arayın: 1005, 1006 ve 1015 okumak içindir, asla göndermek için değil.
next-dropped-fin-client =
    { $view ->
        [client] Bağlantıyı bırakmadan önce WebSocket'i kapatın: 1000 kodlu bir Close gönderin ve sunucunun Close'u gelene kadar okuyun.
       *[observer] İstemcinin programının nasıl bittiğine bakın: bağlantıyı bırakmadan önce WebSocket'i 1000 koduyla kapatmalıdır.
    }
next-dropped-server = Sunucunun günlüğünde (log) o ana bakın: bir çıkış, bir hata ya da yeniden başlatma; ayrıca yoldaki vekil sunucularda (proxy) boşta kalma sürelerine.
next-keep-alive = Oturum bitmeden önce boştaysa bir taraf her 20 ila 30 saniyede bir Ping göndersin, böylece vekil sunucular (proxy) trafik görür.
next-dropped-rst-client =
    { $view ->
        [client] Sıfırlama, sunucuya bir bitişi bir arızadan ayırma olanağı vermez: onu testlerde, bunun dışında 1000 kodlu bir Close kullanın.
       *[observer] İstemci tarafından gelen bir sıfırlama çoğu zaman programının öldürüldüğünü ya da soketini okunmamış veriyle kapattığını gösterir.
    }
next-dropped-timeout = Bir bitiş bekleniyorduysa iki tarafın da neden kapatmadığına bakın: hiç gönderilmeyen bir Close ikisini de bekletir.
next-cut-off = Bu oturumun daha uzun bir kaydını arayın. Bunu yazan program durduruldu ya da dosya buraya gelirken kesildi.
next-not-recorded =
    Oturumu, içindeki her şeyle yeniden kaydedin. Bir yakalama, öyle istendiyse paketleri kısa keser (tcpdump'a `-s 0` verin) ve yetişemediğinde
    kimilerini kaçırır; bytes-missing ve frames-missing adlı bulgular bunun nerede olduğunu söyler.
next-dropped-local = Düzeltilecek bir şey yok: kesme bilerek istendi. Bir oturumu düzgün bitirmek için onu 1000 koduyla kapatın.
next-handshake-failed =
    HTTP yanıtını okuyun: 101 dışındaki bir durum kodu nedeni söyler (401 ve 403: yetki; 404: yol; 426: sürüm; 3xx: başka bir adres; 5xx:
    sunucu ya da bir vekil sunucu). 101 geldiyse, eksik ya da yanlış başlık için bulgulara bakın.
next-connect-failed-dns = Sunucu adının yazımını ve bu makinedeki başka programların onu çözüp çözemediğini denetleyin.
next-connect-failed-tcp = Kapıyı (port), sunucunun çalışıp bu adreste dinlediğini ve yoldaki güvenlik duvarlarını denetleyin.
next-connect-failed-proxy =
    Vekil sunucunun (proxy) adresini, kimlik bilgilerini ve kurallarının bu sunucu ile kapıya izin verdiğini denetleyin. Doğrudan ulaşılabilen
    bir sunucu vekil gerektirmez: onu NO_PROXY içinde belirtin ya da doğrudan yolu seçin.
next-connect-failed-tls =
    Sertifikanın adlarını, tarihlerini ve verenini, ayrıca bu kapının TLS konuşup konuşmadığını denetleyin. Özel bir sertifika makamının CA
    sertifikasına bu tarafta güvenilmesi gerekir.
next-closing-client = Sunucunun Close çerçevesini bekleyin. Hiç göndermeyen bir sunucudan bağlantıyı bitirerek ayrılabilirsiniz; o zaman 1006 bildirilir.
next-closing-server =
    { $view ->
        [client] Kendi Close çerçevenizle, normalde aldığınız kodla yanıt verin.
       *[observer] İstemci kendi Close çerçevesiyle, normalde aldığı kodla yanıt vermelidir.
    }

## Bunu neden gördüm? Bir bitişin iki tarafa anlatılan nedenleri; $side bunu yapan taraftır, “clue-...” ise ona işaret edenlerdir

diagnosis = Bunu neden gördüm?
    .none = Burada bilinen nedenlerin hiçbiri bu oturuma uymuyor.
    .open = Oturum bitmedi; henüz bulunacak bir neden yok.
    .cut-off = Kayıt bitişten önce duruyor; neden kayıtta yok.
    .not-recorded = Bitiş olabilecek baytlar kaydedilmedi; neden kayıtta yok.
    .certain = görüldü
    .likely = olası
    .possible = mümkün
    .for-client = İstemci tarafı için
    .for-server = Sunucu tarafı için
    .frame = { $number }. çerçeve

clue-close-code =
    { $side ->
        [client] İstemcinin
       *[server] Sunucunun
    } Close çerçevesi { $code } taşıyor{ $reasoned ->
        [yes] , gerekçesi “{ $reason }”
       *[no] , gerekçesi yok
    }.
clue-close-empty =
    { $side ->
        [client] İstemcinin
       *[server] Sunucunun
    } Close çerçevesi boş: uzunluk 0.
clue-close-half =
    { $side ->
        [client] İstemcinin
       *[server] Sunucunun
    } Close çerçevesinde tek bayt var.
clue-close-not-recorded =
    { $side ->
        [client] İstemcinin
       *[server] Sunucunun
    } Close çerçevesinin kodu kaydedilmedi.
clue-answered = Ötekinden { $gap } sonra geldi.
clue-gap-and-round-trip = İkinci Close ilkinden { $gap } sonra geldi; burada bir yanıt { $roundtrip } sürer, demek ki yanıt olamaz.
clue-codes-differ = Kodları farklı iki kapanış çerçevesi yolda karşılaşmış da olabilir: bir Close, yanıt olup olmadığını söylemez.
clue-silence = Bitişten önce { $silence } boyunca hiçbir şey gönderilmedi.
clue-known-limit =
    { $seconds ->
        [55] 55 sn, Heroku yönlendiricisinin sınırıdır.
        [60] 60 sn, nginx (proxy_read_timeout) ve AWS uygulama yük dengeleyicilerinin varsayılanıdır.
        [100] 100 sn, Cloudflare'in sınırıdır.
        [240] 240 sn, Azure yük dengeleyicisinin varsayılanıdır.
        [350] 350 sn, AWS ağ yük dengeleyicilerinin sınırıdır.
        [600] 600 sn, Google Cloud güvenlik duvarının sınırıdır.
       *[other] { $seconds } sn, insanların sınır olarak seçtiği yuvarlak bir sayıdır.
    }
clue-last-frame =
    { $side ->
        [client] İstemcinin
       *[server] Sunucunun
    } son çerçevesi bitişten { $before } önce geldi: { $length } bayt.
clue-message =
    { $side ->
        [client] İstemci
       *[server] Sunucu
    } { $before } önce { $length } baytlık bir { $kind ->
        [text] metin
       *[binary] ikili (binary)
    } mesaj gönderdi.
clue-no-frames = Oturum { $lasted } sürmüştü ve hiç çerçeve gönderilmedi.
clue-ping =
    { $side ->
        [client] İstemcinin
       *[server] Sunucunun
    } bir Ping'i Pong'unu { $waited } boşuna bekledi.
clue-reason-says = Gerekçe bundan söz ediyor: “{ $reason }”.
clue-fin =
    TCP, { $side ->
        [client] istemci
       *[server] sunucu
    } tarafından gelen bir FIN ile bitti.
clue-rst =
    TCP, { $side ->
        [client] istemci
       *[server] sunucu
    } tarafından sıfırlandı (RST).
clue-timeout =
    { $side ->
        [client] İstemci
       *[server] Sunucu
    } beklemeyi bıraktı.
clue-local = Bağlantı kaydeden tarafta bilerek bitirildi.
clue-status = Yanıtın durumu { $status } { $words }.
clue-no-answer = Kayıtta HTTP yanıtı yok.
clue-known-use = { $by }, { $code } kodunu şöyle belgeliyor: { $meaning }

cause-finished =
    { $side ->
        [client] İstemci
       *[server] Sunucu
    } işini bitirip { $code } koduyla kapattı
    .client =
        Yapılacak bir şey yok. Bitiş erken geldiyse { $side ->
            [client] istemcinin kendi programındaki
           *[server] sunucudaki
        } close() çağrısını arayın.
    .server =
        Yapılacak bir şey yok. Bitiş erken geldiyse { $side ->
            [client] istemcinin programındaki
           *[server] sunucunun kendi programındaki
        } close() çağrısını arayın.

cause-empty-close =
    { $side ->
        [client] İstemci
       *[server] Sunucu
    } kod vermeden kapattı
    .client =
        { $side ->
            [client] Kapatırken kod verin: close(1000, "done"). O zamana kadar sunucu 1005 kaydeder.
           *[server]
                1005, sunucunun boş Close çerçevesi demektir, istemcinin hatası değildir. Koda ihtiyacınız varsa sunucu tarafından
                isteyin.
        }
    .server =
        { $side ->
            [client] 1005, istemcinin boş Close çerçevesi demektir, sunucunun hatası değildir. Hata olarak kaydetmeyin.
           *[server] Kapatırken kod verin: close(1000, "done"). O zamana kadar istemciye 1005 bildirilir.
        }

cause-reply-lost-code =
    { $side ->
        [client] İstemci
       *[server] Sunucu
    } { $code } kodunu aldı ve kodsuz yanıt verdi
    .client =
        { $side ->
            [client] Burada Close'u yanıtlayan yere bakın: kodu yinelemelidir. Sunucu bu yüzden 1005 kaydeder.
           *[server] 1005, sunucunun ya da onun yerine yanıt veren bir vekil sunucunun (proxy) yanıtından geliyor; gönderilen kod doğruydu.
        }
    .server =
        { $side ->
            [client] 1005, istemcinin yanıtından geliyor; gönderilen kod doğruydu. Yanına gönderilen kodu da kaydedin.
           *[server]
                Buradaki kapanış koduna ve önündeki vekil sunuculara (proxy) bakın: yanıt kodu yinelemelidir. İstemciye bu yüzden 1005
                bildirilir.
        }

cause-reply-changed-code =
    { $side ->
        [client] İstemci
       *[server] Sunucu
    }, { $code } koduna başka bir kodla, { $reply } ile yanıt verdi
    .client =
        { $side ->
            [client]
                Buradaki kütüphane kendi seçtiği bir kodla yanıt veriyor; örneğin websocket-client ve aiohttp hep 1000 ile yanıt verir.
                Gönderilen değil, alınan kodu kaydedin.
           *[server] Sunucunun yanıtı ayrı bir neden değildir: neden, istemcinin gönderdiği koddur. İkisini de kaydedin.
        }
    .server =
        { $side ->
            [client]
                İstemcinin yanıtı ayrı bir neden değildir: bazı kütüphaneler hep 1000 ile yanıt verir. Neden, sunucunun gönderdiği
                koddur. İkisini de kaydedin.
           *[server] Buradaki kütüphane kendi seçtiği bir kodla yanıt veriyor. İstemciye bu yüzden { $reply } bildirilir.
        }

cause-closes-crossed = İki taraf aynı anda kapattı, kapanış çerçeveleri (Close frame) yolda karşılaştı
    .client =
        İki Close da ötekinin yanıtı değildir; bu yüzden iki kod da birer nedendir: bir taraf { $code }, öteki { $reply } nedeniyle
        kapattı. İkisini de bitiş sayın.
    .server =
        İki Close da ötekinin yanıtı değildir; bu yüzden iki kod da birer nedendir: bir taraf { $code }, öteki { $reply } nedeniyle
        kapattı. İkisini de bitiş sayın.

cause-half-code =
    { $side ->
        [client] İstemci
       *[server] Sunucu
    } tek baytlı, yani yarım kodlu bir Close gönderdi
    .client =
        { $side ->
            [client] Close'u oluşturan yeri düzeltin: kod için yüksek bayt önde iki bayt ya da hiç.
           *[server] Bunu istemci düzeltemez; ona hangi sayının bildirildiği kütüphanesinin katılığına bağlıdır.
        }
    .server =
        { $side ->
            [client] Bunu sunucu düzeltemez; ona hangi sayının bildirildiği kütüphanesinin katılığına bağlıdır.
           *[server] Close'u oluşturan yeri düzeltin: kod için yüksek bayt önde iki bayt ya da hiç.
        }

cause-code-not-allowed =
    { $side ->
        [client] İstemci
       *[server] Sunucu
    }, o tarafın kapanış çerçevesine (Close frame) koymaması gereken { $code } kodunu gönderdi
    .client =
        { $side ->
            [client]
                Sayının kapatma çağrısına verildiği yeri bulun: bir kapanış olayından okunan sayılar çoğu zaman bir sonrakine aktarılır.
           *[server] Katı bir kütüphane burada { $code } yerine 1002 ya da bir hata gösterir. Sunucudan sorumlu olanlara bildirin.
        }
    .server =
        { $side ->
            [client] Katı bir kütüphane burada { $code } yerine 1002 ya da bir hata gösterir. İstemciden sorumlu olanlara bildirin.
           *[server]
                Sayının kapatma çağrısına verildiği yeri bulun: bir kapanış olayından okunan sayılar çoğu zaman bir sonrakine aktarılır.
        }

cause-close-unanswered =
    { $side ->
        [client] İstemci
       *[server] Sunucu
    }, öteki tarafın Close çerçevesini yanıtlamadı
    .client =
        { $side ->
            [client] Sonuna kadar okumayı sürdürün: çoğu kütüphane Close'u yalnızca program okurken yanıtlar. Sunucu 1006 bildirir.
           *[server] Close'unuz doğru olduğu hâlde 1006 bildirirsiniz. Yanıtı birkaç saniye bekleyip TCP'yi bitirin.
        }
    .server =
        { $side ->
            [client] Close'unuz doğru olduğu hâlde 1006 bildirirsiniz. Yanıtı birkaç saniye bekleyip TCP'yi bitirin.
           *[server]
                Bir Close geldiğinde ne olduğuna bakın: yanıtlayın, sonra TCP'yi bitirin. Aradaki, Close iletmeyen bir vekil sunucu
                (proxy) da aynı görünür.
        }

cause-closer-did-not-wait =
    { $side ->
        [client] İstemci
       *[server] Sunucu
    } bir Close gönderip yanıtı beklemeden TCP'yi bitirdi
    .client =
        { $side ->
            [client]
                close() çağrısından sonra bağlantıyı bırakmadan ya da çıkmadan önce kapanış olayını bekleyin. Bu yapılmadığı için 1006
                bildirirsiniz.
           *[server] Yapılacak bir şey yok: Close geldi. Sunucu yanıtı beklemedi ve 1006 bildirir.
        }
    .server =
        { $side ->
            [client] Yapılacak bir şey yok: Close geldi. İstemci yanıtı beklemedi ve 1006 bildirir.
           *[server]
                TCP'yi bitirmeden önce istemcinin Close çerçevesini bekleyin; birkaç saniyelik bir sınır yeter. Bu yapılmadığı için 1006
                bildirirsiniz.
        }

cause-server-going-away = Sunucu kapanıyor ya da yeni sürümü kuruldu
    .client = İstemciden istemciye değişen bir süre bekleyip yeniden bağlanın ve kaçırılanı isteyin.
    .server = Planlı bir bitiş uyarı gerektirmez. Önce yeni oturum almayı bırakın, kapatmayı birkaç saniyeye yayın.

cause-page-left = İstemci ayrıldı: bir sayfa terk edildi ya da programı düzgün bitti
    .client = Düzeltilecek bir şey yok. Tarayıcılar bir sayfa kapatılınca, yenilenince ya da terk edilince 1001 gönderir.
    .server = Düzeltilecek bir şey yok: olağan bir bitiş sayın.

cause-protocol-violation =
    { $side ->
        [client] İstemci
       *[server] Sunucu
    } protokolün bir kuralını bozdu
    .client =
        { $side ->
            [client] Aşağıdaki bulgu çerçeveyi ve kuralı adlandırıyor. İstemcinin kütüphanesine ya da çerçeveleri kendisi yazan koda bakın.
           *[server] Aşağıdaki bulgu çerçeveyi ve kuralı adlandırıyor. Baytlarıyla birlikte sunucudan sorumlu olanlara bildirin.
        }
    .server =
        { $side ->
            [client] Aşağıdaki bulgu çerçeveyi ve kuralı adlandırıyor. Baytlarıyla birlikte istemciden sorumlu olanlara bildirin.
           *[server]
                Aşağıdaki bulgu çerçeveyi ve kuralı adlandırıyor. Sunucunun kütüphanesine ya da çerçeveleri değiştiren bir vekil sunucuya
                (proxy) bakın.
        }

cause-protocol-error-claimed =
    { $side ->
        [client] Sunucu
       *[server] İstemci
    }, karşı tarafın ({ $side ->
        [client] istemci
       *[server] sunucu
    }) protokolü bozduğunu söylüyor; kayıtta bozulan bir kural yok
    .client =
        İki kütüphanenin neyi desteklediğini karşılaştırın: yalnızca bir tarafın var sandığı bir alt protokol (subprotocol) ya da uzantı
        böyle görünür. İlk şüpheli Close'dan önceki çerçevedir.
    .server =
        İki kütüphanenin neyi desteklediğini karşılaştırın: yalnızca bir tarafın var sandığı bir alt protokol (subprotocol) ya da uzantı
        böyle görünür. İlk şüpheli Close'dan önceki çerçevedir.

cause-unsupported-data =
    { $side ->
        [client] İstemci
       *[server] Sunucu
    }, öteki tarafın kabul etmediği türde bir mesaj gönderdi
    .client =
        { $side ->
            [client] Metin istenen yere metin, ikili (binary) istenen yere ikili gönderin: son mesajın türüne bakın.
           *[server] Türü istemcinin kendi programı reddetti. İkisini de kabul etsin ya da sunucudan ötekini isteyin.
        }
    .server =
        { $side ->
            [client] Hangi türün istendiğini gerekçede söyleyin ya da ikisini de kabul edin.
           *[server] Metin istenen yere metin, ikili (binary) istenen yere ikili gönderin: son mesajın türüne bakın.
        }

cause-invalid-utf8 =
    { $side ->
        [client] İstemci
       *[server] Sunucu
    } UTF-8 olmayan metin gönderdi
    .client =
        { $side ->
            [client] Metni UTF-8 olarak kodlayın ya da ikili (binary) mesaj olarak gönderin; bir karakterin ortasından kesmeyin.
           *[server] Metin sunucudan geliyor. İlk yanlış baytın yerini bildirin.
        }
    .server =
        { $side ->
            [client] Metin istemciden geliyor. İlk yanlış baytın yerini bildirin.
           *[server] Metni UTF-8 olarak kodlayın ya da ikili (binary) mesaj olarak gönderin; bir karakterin ortasından kesmeyin.
        }

cause-broken-compression =
    { $side ->
        [client] İstemci
       *[server] Sunucu
    } açılamayan sıkıştırılmış veri gönderdi
    .client =
        Geri kalanın çalışıp çalışmadığını görmek için permessage-deflate'i kapatın; sonra gönderen tarafın kütüphanesine ya da yükleri
        değiştiren bir vekil sunucuya (proxy) bakın.
    .server =
        Geri kalanın çalışıp çalışmadığını görmek için permessage-deflate'i kapatın; sonra gönderen tarafın kütüphanesine ya da yükleri
        değiştiren bir vekil sunucuya (proxy) bakın.

cause-content-refused =
    { $side ->
        [client] Sunucu
       *[server] İstemci
    }, karşı taraftan ({ $side ->
        [client] istemci
       *[server] sunucu
    }) gelen bir mesajın içeriğini reddetti
    .client = Baytlar protokole göre geçerli; demek ki uygulamanın kendi denetimi başarısız oldu. Close'dan önceki son mesaja bakın.
    .server = Baytlar protokole göre geçerli; demek ki uygulamanın kendi denetimi başarısız oldu. Neyin yanlış olduğunu gerekçede söyleyin.

cause-policy =
    { $side ->
        [client] Sunucu
       *[server] İstemci
    }, karşı tarafın ({ $side ->
        [client] istemci
       *[server] sunucu
    }) yaptığına karşı bir kural uyguluyor
    .client =
        { $side ->
            [client] Gerekçeyi ve hizmetin belgelerini okuyun. Hemen yeniden bağlanmak pek işe yaramaz.
           *[server] Kural istemcinin kendi kuralıdır. Programının neyi denetlediğine bakın.
        }
    .server =
        { $side ->
            [client] Karşı taraf tahmin etmek zorunda kalmasın diye kuralı gerekçede adlandırın.
           *[server] İstemcinin programının neyi denetlediğine ve son mesaja bakın.
        }

cause-authorization =
    { $side ->
        [client] İstemci
       *[server] Sunucu
    } yetkili değildi ya da artık değil
    .client =
        Yeniden bağlanmadan önce kimlik bilgilerini yenileyin; aynıları yine reddedilir. Oturum sırasında süresi dolan bir belirteç
        (token) oturum içinde yenilenmelidir.
    .server =
        Kimlik bilgilerinin eksik mi, yanlış mı, süresi dolmuş mu, yoksa yetersiz mi olduğunu gerekçede söyleyin. Olabildiğince yükseltme
        (upgrade) sırasında denetleyin: 401 durumunu daha çok program anlar.

cause-rate-limit =
    { $side ->
        [client] İstemci
       *[server] Sunucu
    } çok kısa sürede çok fazla şey gönderdi
    .client = Daha az gönderin ya da yayın; yeniden bağlanmadan önce her seferinde daha uzun bekleyin.
    .server = Sınırı gerekçede ve belgelerde söyleyin. Kapatmak yerine mesajları düşürmek daha iyi olabilir.

cause-too-late =
    { $side ->
        [client] İstemci
       *[server] Sunucu
    }, öteki tarafın beklediğini göndermekte gecikti
    .client = Hizmetin yükseltmeden (upgrade) sonra neyi beklediğine bakın, çoğu zaman kimlik bilgili bir ilk mesajdır; onu hemen gönderin.
    .server = Neyin, ne kadar süre beklendiğini gerekçede söyleyin.

cause-message-too-big =
    { $side ->
        [client] İstemci
       *[server] Sunucu
    }, öteki tarafın kabul ettiğinden büyük bir mesaj gönderdi
    .client =
        { $side ->
            [client] Daha küçük mesajlar gönderin. Sınır bütün mesaja konmuşsa parçalara (fragment) bölmek işe yaramaz.
           *[server] İstemcinin kütüphanesindeki sınırı yükseltin ya da sunucudan daha küçük mesajlar isteyin.
        }
    .server =
        { $side ->
            [client]
                Böyle mesajlar kabul edilecekse sınırı yükseltin ve gerekçede söyleyin. Vekil sunucuların (proxy) kendi sınırları vardır.
           *[server] Daha küçük mesajlar gönderin ya da istemciden sorumlu olanlarla daha yüksek bir sınırda anlaşın.
        }

cause-extension-missing = İstemci, sunucunun kabul etmediği bir uzantıya (extension) ihtiyaç duyuyor
    .client = İstemci uzantı olmadan çalışsın ya da uzantıyı sunucuda etkinleştirin.
    .server = Uzantıyı etkinleştirin ya da Sec-WebSocket-Extensions başlığını silen bir vekil sunucu (proxy) arayın.

cause-internal-error =
    { $side ->
        [client] İstemci
       *[server] Sunucu
    } kendi içinde bir hatayla karşılaştı
    .client =
        { $side ->
            [client] İstemcinin günlüğünde (log) o andaki istisnayı (exception) arayın.
           *[server] Bir süre bekleyip yeniden bağlanın. Aynı tür bir mesajdan sonra yinelenirse o mesajı bildirin.
        }
    .server =
        { $side ->
            [client] İstemciye en son ne gönderildiğine bakın; hata kendi günlüğündedir.
           *[server] Sunucunun günlüğünde (log) o andaki istisnayı (exception) arayın ve gelen son mesaja bakın.
        }

cause-service-restart = Hizmet yeniden başlıyor
    .client = Bütün istemciler aynı anda gelmesin diye rastgele 5 ila 30 saniye bekleyip yeniden bağlanın.
    .server = Bütün istemcilerin yarım dakika içinde dönmesini bekleyin; geldiklerini denetleyin.

cause-overload =
    { $side ->
        [client] İstemci
       *[server] Sunucu
    } aşırı yüklü
    .client = Giderek uzayan aralarla daha sonra gelin.
    .server = O andaki yüke ve sınırlara bakın.

cause-bad-gateway = Sunucunun önündeki bir ağ geçidi (gateway) arkasındaki sunucuyu yitirdi
    .client = Bir süre bekleyip yeniden bağlanın; istemcinin yapabileceği başka bir şey yok.
    .server =
        Ağ geçidinin günlüğüne (log), sonra arkasındaki sunucuya bakın: çıkmış, reddetmiş ya da WebSocket'ten başka bir yanıt vermiştir.

cause-private-code =
    { $side ->
        [client] İstemci
       *[server] Sunucu
    } kendine özgü bir nedenle { $code } koduyla kapattı
    .client =
        { $side ->
            [client] Sayı, bu istemcinin programı ne diyorsa o anlama gelir: kapatan yere bakın.
           *[server] Hizmetin belgelerini ve gerekçeyi okuyun.
        }
    .server =
        { $side ->
            [client] Sayının onlar için ne anlama geldiğini istemciden sorumlu olanlara sorun.
           *[server] Sayı, bu sunucunun programı ne diyorsa o anlama gelir: kapatan yere bakın. Yanında bir gerekçe gönderin.
        }

cause-idle-limit =
    { $side ->
        [client] İstemci
       *[server] Sunucu
    }, { $seconds } saniye hiçbir şey olmayan oturumları kapatıyor
    .client =
        { $seconds } saniye dolmadan çok önce bir Ping ya da küçük bir mesaj gönderin; ya da söylenecek bir şey olunca yeniden bağlanın.
    .server = İstemcilerin kalması isteniyorsa sınırı yükseltin ya da buradan Ping gönderin.

cause-proxy-time-out = Bir vekil sunucu (proxy) ya da yük dengeleyici, { $seconds } saniye trafik olmayınca bağlantıyı bitirdi
    .client = Bir taraf her 20 ila 30 saniyede bir Ping göndersin, bağlantı koparsa yeniden bağlanın. İki program da yanlış bir şey yapmadı.
    .server =
        Her 20 ila 30 saniyede bir Ping gönderin ya da öndeki vekil sunucunun boşta kalma sınırını yükseltin. Sunucu da 1006 görür ve
        yanlış bir şey yapmadı.

cause-keep-alive-unanswered =
    { $side ->
        [client] İstemci
       *[server] Sunucu
    } bir yaşam sinyaline (keep-alive) yanıt vermedi, öteki taraf da bağlantıdan vazgeçti
    .client =
        { $side ->
            [client]
                İstemci uykudaydı, takılmıştı ya da ağdan kopmuştu: Pong için okuyan bir program gerekir. Okuyan iş parçacığında uzun
                süren bir iş arayın.
           *[server] Sunucu ya da arkasındaki ağ zamanında yanıt vermedi. Yeniden bağlanın.
        }
    .server =
        { $side ->
            [client]
                İstemci haber vermeden gitmişti. Burada düzeltilecek bir şey yok; daha uzun bir süre, yalnızca yavaş olan istemcilere
                yarar.
           *[server] Sunucu zamanında yanıt vermedi: okuyan iş parçacığında uzun süren bir iş arayın ve yüküne bakın.
        }

cause-fin-without-close =
    { $side ->
        [client] İstemci
       *[server] Sunucu
    } TCP'yi bir FIN ile bitirdi ve Close göndermedi
    .client =
        { $side ->
            [client] Program bitmeden ya da nesne yok edilmeden WebSocket'i kapatın: close(1000, "done"), sonra kapanış olayını bekleyin.
           *[server]
                Bir süre bekleyip yeniden bağlanın. Neden sunucunun günlüğündedir (log): bir çıkış, bir hata ya da WebSocket'in altından
                kapatılan bir soket.
        }
    .server =
        { $side ->
            [client]
                İstemcinin programı haber vermeden bitti: kapatılan bir dizüstü bilgisayar, öldürülen bir süreç ya da yok edilen bir
                bağlantı nesnesi. Burada düzeltilecek bir şey yok.
           *[server] Sunucunun günlüğünde (log) o ana bakın: bir çıkış, bir hata ya da soketi kapatıp WebSocket'i unutan bir kod.
        }

cause-reset-with-data-in-flight =
    { $side ->
        [client] İstemci
       *[server] Sunucu
    }, kendisine veri yoldayken bağlantıyı sıfırladı (RST)
    .client =
        { $side ->
            [client]
                Bağlantıyı bitirmeden önce geleni okuyun: okunmamış veriyle kapatılan bir soket sıfırlama gönderir ve sunucu son
                mesajınızı yitirebilir.
           *[server] Son mesaj okunmamış olabilir. Sunucu çöktü ya da soketini okunmamış veriyle kapattı: neden günlüğündedir (log).
        }
    .server =
        { $side ->
            [client] İstemci öldürüldü ya da soketini okunmamış veriyle kapattı. Son gönderilen okunmamış olabilir.
           *[server] Bir çökme ya da soketi okunmamış veriyle kapatan bir kod arayın: o zaman sistem FIN yerine sıfırlama gönderir.
        }

cause-reset-without-data =
    { $side ->
        [client] İstemci
       *[server] Sunucu
    }, yolda bir şey yokken bağlantıyı sıfırladı (RST)
    .client =
        { $side ->
            [client] Sıfırlama isteniyor muydu? Sunucu bir bitişi arızadan ayıramaz; bunun yerine 1000 koduyla kapatın.
           *[server]
                Öldürülen bir süreç ya da bağlantıyı unutup sıfırlamayla yanıt veren bir güvenlik duvarı veya yük dengeleyici. Ping'ler
                böylelerini uyanık tutar.
        }
    .server =
        { $side ->
            [client] Öldürülen bir süreç ya da yolda, bağlantıyı unutan bir aygıt.
           *[server] O anda öldürülen bir süreç ile boştaki bağlantıları unutan güvenlik duvarları ve yük dengeleyiciler arayın.
        }

cause-cut-inside-message =
    { $side ->
        [client] İstemci
       *[server] Sunucu
    } gönderdiğinin ortasında durdu
    .client =
        { $side ->
            [client] İstemcinin programı gönderirken bitti ya da vazgeçti. Kapatmadan önce mesajın çıkmasını bekleyin.
           *[server] Yarım kalan mesajı atıp yeniden bağlanın. Sunucu gönderirken bitti.
        }
    .server =
        { $side ->
            [client] Yarım kalan mesajı atın. İstemci gönderirken bitti ya da ağını yitirdi.
           *[server] Sunucu gönderirken bitti ya da vazgeçti: bir çıkış ya da yazmaya konmuş bir süre sınırı arayın.
        }

cause-ended-at-once =
    { $side ->
        [client] İstemci
       *[server] Sunucu
    } oturumu açılır açılmaz bitirdi
    .client =
        { $side ->
            [client] İstemcinin programı bağlantıyı hemen bıraktı: yok edilen bir nesne ya da bağlandıktan hemen sonra bir hata.
           *[server]
                Sunucunun kodu yükseltmeden (upgrade) hemen sonra hata verdi ya da reddetti. Kimlik bilgilerine, yola ve alt protokole
                (subprotocol) bakın.
        }
    .server =
        { $side ->
            [client] İstemcinin programı hemen bıraktı. Ne sıklıkla ve nereden olduğuna bakın.
           *[server]
                Bağlantıyı karşılayan kodun başında bir istisna (exception) arayın. Reddetmek için yükseltmeyi bir durum koduyla
                yanıtlayın ya da kodla kapatın.
        }

cause-aborted-here = Bağlantıyı kaydeden taraf bilerek bitirdi
    .client = Düzeltilecek bir şey yok. Düzgün bitirmek için 1000 koduyla kapatın.
    .server = Düzeltilecek bir şey yok: bitiş kaydeden tarafta yapıldı.

cause-gave-up-waiting = Tanınan sürede oturumu bitiren olmadı
    .client = Bir bitiş bekleniyorduysa ilk Close'u hangi tarafın göndermesi gerektiğine bakın.
    .server = Bir bitiş bekleniyorduysa ilk Close'u hangi tarafın göndermesi gerektiğine bakın.

cause-name-not-resolved = İstemcinin adresindeki sunucu adı yok ya da ad sunucusuna ulaşılamıyor
    .client = Yazımı ve bu makinedeki başka programların adı çözüp çözemediğini denetleyin.
    .server = Adın DNS kayıtlarını denetleyin. Bunların hiçbiri sunucuya ulaşmadı.

cause-no-tcp-connection = Adreste dinleyen yok ya da arada bir güvenlik duvarı var
    .client = Kapıyı (port) denetleyin ve adresi başka bir ağdan deneyin.
    .server = Sunucunun çalıştığını ve yalnızca 127.0.0.1'de değil bu adreste dinlediğini denetleyin.

cause-way-not-opened = İstemci tarafındaki vekil sunucu (proxy) sunucuya giden yolu açmadı
    .client = Vekil sunucunun kimlik bilgilerini ve kurallarını denetleyin ya da NO_PROXY ile onu atlayın.
    .server = Bunların hiçbiri sunucuya ulaşmadı.

cause-tls-failed = TLS el sıkışması (TLS handshake) başarısız: sunucunun sertifikası kabul edilmedi ya da kapı (port) TLS konuşmuyor
    .client = Aşağıdaki sorun nedeni adlandırıyor. Tarayıcılar bu durumda betiklerine 1006 gösterir.
    .server = Sertifikanın adlarını, tarihlerini ve zincirini denetleyin. Sunucunun WebSocket kodu bundan haberdar olmaz.

cause-upgrade-unanswered = Bağlantı, yükseltme (upgrade) yanıtlanmadan bitti
    .client = Yeniden deneyin; sürüyorsa sunucu ya da bir vekil sunucu (proxy) isteği düşürüyor: yola ve bağlantı sınırlarına bakın.
    .server = O anda bir çıkış ya da bağlantı sınırı arayın. İstek programa hiç ulaşmamış olabilir.

cause-upgrade-unauthorized = İstemci yetkili değildi: yükseltme (upgrade) { $status } ile yanıtlandı
    .client =
        Yükseltmeyle birlikte kimlik bilgisi gönderin: hizmetin belgelediği gibi bir başlık, bir çerez (cookie) ya da adreste bir
        belirteç (token). Tarayıcılar burada başlık ekleyemez.
    .server =
        Kimlik bilgisi gerçekten eksikse düzeltilecek bir şey yok. Tarayıcılar çerez ve alt protokol gönderebilir, başka başlık
        gönderemez.

cause-upgrade-forbidden = İstemcinin bağlanmasına izin yok: yükseltme (upgrade) { $status } ile yanıtlandı
    .client = Gönderilen Origin değerini, hesabın izinlerini ve yanıtı bir web uygulaması güvenlik duvarının verip vermediğini denetleyin.
    .server = İzin verilen kökenlerin (origin) listesini ve sunucunun önündeki kuralları denetleyin.

cause-upgrade-no-such-path = İstemcinin adresindeki yol WebSocket kabul etmiyor: yükseltme (upgrade) { $status } ile yanıtlandı
    .client = Yolu ve sonundaki eğik çizgiyi denetleyin.
    .server = Yönlendirmeleri (route), öndeki bir vekil sunucunun (proxy) ön ek kesip eklediği yerleri de denetleyin.

cause-upgrade-redirected = Sunucu istemciyi { $status } ile başka bir adrese yönlendirdi
    .client = Yeni adrese bağlanın; tarayıcılar ve çoğu kütüphane bir yükseltmede (upgrade) yönlendirmeyi izlemez.
    .server = İstemcilere son adresi verin: çoğu izlemez. Çoğu zaman http https'e yönlendiriliyor ya da bir eğik çizgi ekleniyordur.

cause-upgrade-bad-request = Yükseltme (upgrade) isteği sunucuya uymadı: { $status }
    .client =
        İsteğin başlıklarını gerekenlerle karşılaştırın; Upgrade ya da Connection başlığını silen bir vekil sunucu (proxy) da buna yol
        açar.
    .server = Öndeki bir vekil sunucu (proxy) Upgrade ve Connection başlıklarını iletmeli ve sunucuyla HTTP/1.1 konuşmalıdır.

cause-upgrade-overloaded = Sunucu şu anda yeni oturum kabul etmiyor: { $status }
    .client = Her seferinde daha uzun bekleyip yeniden deneyin; Retry-After başlığı ne kadar olduğunu söyler.
    .server = Bağlantı sınırlarına ve yüke bakın.

cause-upgrade-server-error = Sunucu yükseltmeyi (upgrade) ele alırken hata verdi: { $status }
    .client = Bir süre bekleyip yeniden deneyin ve saati bildirin.
    .server = Sunucunun günlüğünde (log) o andaki istisnayı (exception) arayın.

cause-upgrade-bad-gateway = Öndeki bir vekil sunucu (proxy) sunucuya ulaşamadı: { $status }
    .client = Bir süre bekleyip yeniden deneyin; istemcinin yapabileceği başka bir şey yok.
    .server = Vekil sunucunun günlüğüne (log) bakın: arkasındaki sunucu kapalı, yavaş ya da başka bir adrestedir.

cause-upgrade-not-a-websocket = Yanıtı { $status } ile sıradan bir web sunucusu verdi: yükseltmeyi (upgrade) bilmiyor
    .client = Sunucu adını, kapıyı (port) ve yolu denetleyin: burası bir sayfa, WebSocket değil.
    .server = Upgrade başlığını iletmeyen bir vekil sunucu (proxy) ya da sayfaya giden bir yönlendirme böyle görünür.

cause-upgrade-answer-wrong = Sunucunun 101 yanıtı bu yükseltme (upgrade) için geçerli değil
    .client = Aşağıdaki bulgu neyin eksik ya da yanlış olduğunu adlandırıyor. Katı istemciler bunu reddetmelidir.
    .server = Yanıtı düzeltin ya da eski bir yanıt veren bir önbellek veya vekil sunucu (proxy) arayın.

cause-not-http =
    { $side ->
        [client] İstemci
       *[server] Sunucu
    } bu bağlantıda HTTP konuşmuyor
    .client =
        { $side ->
            [client] Baytlar bir yükseltme (upgrade) isteği değil. Buraya neyin bağlandığına bakın.
           *[server] Kapıyı (port) ve TLS isteyip istemediğini denetleyin: o zaman ws:// yerine wss:// yazın.
        }
    .server =
        { $side ->
            [client] Buraya WebSocket istemcisinden başka bir şey bağlanıyor; örneğin bir TLS istemcisi ya da bir sağlık denetimi.
           *[server] Bu kapıda neyin dinlediğini denetleyin.
        }

## Kodlarla ilgili bilgiler

fact-wire = Hatta (on the wire)
    .yes = evet, kapanış çerçevesinde iki bayt olarak
    .no = asla
    .not-allowed = izin yok
fact-sendable = Kim gönderebilir
    .both = iki taraf da
    .client = yalnızca istemci
    .server = yalnızca sunucu
    .nobody = hiç kimse
fact-bytes = Baytlar
fact-producer = Kim üretir
fact-log = Günlüğe ne yazmalı
fact-act = Ne yapmalı
fact-section = Tanımlandığı yer
    .rfc = RFC 6455 7.4.1
    .iana = IANA kaydı, RFC 6455'te yok
    .ranges = RFC 6455 7.4.2
fact-range = Aralık
    .not-used = 0 - 999: kullanılmaz
    .protocol = 1000 - 2999: protokol ve uzantıları
    .registered = 3000 - 3999: kütüphaneler ve çatılar (framework), IANA'ya kayıtlı
    .private = 4000 - 4999: özel, anlaşmaya bağlı
    .undefined = 5000 ve üstü: tanımsız

link-codes = RFC 6455 7.4.1, tanımlı durum kodları: https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1
link-ranges = RFC 6455 7.4.2, durum kodu aralıkları: https://www.rfc-editor.org/rfc/rfc6455#section-7.4.2
link-close-frame = RFC 6455 5.5.1, kapanış çerçevesi: https://www.rfc-editor.org/rfc/rfc6455#section-5.5.1
link-close-code = RFC 6455 7.1.5, bir tarafın bildirdiği kapanış kodu: https://www.rfc-editor.org/rfc/rfc6455#section-7.1.5
link-fail = RFC 6455 7.1.7, bağlantıyı hatayla bitirmek: https://www.rfc-editor.org/rfc/rfc6455#section-7.1.7
link-recover = RFC 6455 7.2.3, olağan dışı kapanıştan sonra yeniden bağlanmak: https://www.rfc-editor.org/rfc/rfc6455#section-7.2.3
link-utf8 = RFC 6455 8.1, UTF-8 olmayan metnin ele alınması: https://www.rfc-editor.org/rfc/rfc6455#section-8.1
link-extensions = RFC 6455 9, uzantılar: https://www.rfc-editor.org/rfc/rfc6455#section-9
link-limits = RFC 6455 10.4, bir gerçeklemenin sınırları: https://www.rfc-editor.org/rfc/rfc6455#section-10.4
link-registry = IANA kapanış kodu kaydı: https://www.iana.org/assignments/websocket/websocket.xhtml#close-code-number
link-browsers = Tarayıcıların nasıl bildirdiği: https://websockets.spec.whatwg.org/#feedback-from-the-protocol

## Temel farklar: her konuya bir satır. Önce kodun kendi sözleri, sonra türününkiler gelir.

difference-wire = Hatta (on the wire)
difference-producer = Sayıyı kim üretir
difference-bytes = Baytlar
difference-sendable = Bir uç gönderebilir mi
difference-why = Nedenini söyler mi
difference-clean = Temiz (clean) mi
difference-log = Günlüğe ne yazmalı
difference-act = Ne yapmalı

# Kapanış çerçevesinde bulunabilen bir kod.
kind-wire =
    .wire = Evet: kapanış çerçevesi (Close frame) yükünün başında iki bayt.
    .producer = Close'u gönderen tarafın programı ya da kütüphanesi.
    .bytes-both = Sunucudan 88 02 { $bytes }; istemciden aynı iki yük baytı bir maskeleme anahtarının ardında. Gerekçe onu uzatır.
    .bytes-server = Sunucudan 88 02 { $bytes }. Gerekçe onu uzatır.
    .bytes-client = İstemciden: 88 82, dört baytlık maskeleme anahtarı, ardından onunla maskelenmiş { $bytes }. Gerekçe onu uzatır.
    .sendable-both = Evet, iki taraf da.
    .sendable-client = Evet, yalnızca istemci.
    .sendable-server = Evet, yalnızca sunucu.
    .why = Evet, kodun anlamı ölçüsünde; ardındaki gerekçe daha fazlasını söyleyebilir.
    .clean = İki taraf da Close gönderdiyse temizdir.
    .log = Kod, gerekçe ve ilk Close'u hangi tarafın gönderdiği.
    .act = Anlamının gerektirdiğini: “Nasıl Düzeltilir” bölümüne bakın.

# Kapanış çerçevesinde bulunmaması gereken ve hiçbir kütüphanenin de üretmediği bir sayı.
kind-unusable =
    .wire = Hayır: onu taşıyan bir çerçeve protokolü bozar.
    .producer = İki taraf da protokole uyduğu sürece hiç kimse.
    .bytes-nobody = İzin verilen baytları yok; hatalı bir çerçevede sunucudan 88 02 { $bytes }.
    .sendable-nobody = Hayır.
    .why = Hayır: bir anlamı yok.
    .clean = Sayıdan bir şey anlaşılmaz.
    .log = Kapanış çerçevesinin baytları, onları gönderen tarafın hatası olarak.
    .act = Gönderen tarafı düzeltin.

comparison-summary-1000-1005 =
    1000, bir tarafın söylediği bir şeydir. 1005 ise bir Close gelip hiçbir şey söylemediğinde öteki tarafın kütüphanesinin düştüğü nottur. İkisi
    de gayet iyi bir oturumun sonu olabilir.
comparison-summary-1000-1006 =
    1000, bir tarafın kapanış çerçevesinde (Close frame) söylediği bir şeydir. 1006, hiç kapanış çerçevesi gelmediğinde bir kütüphanenin düştüğü
    nottur.
comparison-summary-1005-1006 =
    İkisi de asla gönderilmez. 1005: kapanış çerçevesi (Close frame) geldi ve kod taşımıyordu. 1006: hiç kapanış çerçevesi gelmedi.
comparison-summary-1001-1006 =
    1001 bir vedadır: ayrılan taraf bunu kapanış çerçevesinde (Close frame) söyler. 1006, veda olmadığında bir kütüphanenin düştüğü nottur.

## Kodlar. Her birinde: short, description, seen, fix, differs, use, more; bazılarının temel farklar için kendi sözleri vardır.

code-1000 =
    .name = Normal Closure (olağan kapanış)
    .short = 1000 (Normal Closure), oturumun amacına ulaştığını söyler.
    .description =
        Oturum amacına ulaşmış ve temizce kapatılmıştır: iki uç da işin tamamlandığında anlaşır. 1000 hatta taşınır. Kapatan taraf onu iki bayt,
        03 e8, olarak kapanış çerçevesine (Close frame) yazar; öteki taraf normalde aynı kodla yanıt verir.

        Bitişin istendiğini söyler. Her mesajın anlaşıldığını söylemez.
    .seen =
        İki taraf da veri alışverişini bitirdikten sonra: başarılı bir oturumdan beklenen kod budur. Hangi taraf başlatmış olursa olsun, aldığı ilk
        Close 1000 taşıyorsa programınıza 1000 bildirilir. Bazı kütüphaneler, program kod belirtmeden kapattığında bunu kendiliğinden gönderir.

        Birkaç program boş bir Close için de 1000 gösterir; örneğin .NET'in ClientWebSocket sınıfı: gerçeği yalnızca baytlar söyler.
    .fix =
        Düzeltilecek bir şey yok. Kapanış beklenmiyorduysa, ilk Close'u gönderen tarafta, uygulamada erken bir close() arayın: erken dönen bir
        fonksiyon, yok edilen bir nesne, terk edilen bir sayfa, oturum süresine konmuş bir sınır.
    .differs =
        - 1001'den farkı: 1000 işin bittiğini, 1001 ise bitmiş olsun olmasın gönderenin ayrıldığını söyler.
        - 1005'ten farkı: 1000 kapanış çerçevesinin içindeydi; 1005 kod taşımayan bir kapanış çerçevesi demektir.
        - 1006'dan farkı: 1000'de bir kapanış çerçevesi geldi, 1006'da hiç gelmedi.
    .use =
        İşiniz bitince kısa bir gerekçeyle 1000 gönderin, örneğin 1000 “done”. Sayfa ya da süreç gidiyorsa 1001 bunu daha iyi anlatır; sunucu bir
        hatayla karşılaştıysa 1011; kendi anlamlarınız için 4000 - 4999 vardır.
    .more =
        - { link-codes }
        - { link-close-code }
        - { link-registry }
        - Laboratuvarda: /close/1000 ve 1000 ile kapatılan /echo. Karşılaştırmak için: closelook explain 1000 1005
    .wire = Evet: kapanış çerçevesi (Close frame) yükünün başında iki bayt.
    .producer = Close'u gönderen taraf: programı ya da onun adına kütüphanesi.
    .bytes =
        Sunucudan 88 02 03 e8 ya da gerekçeyle daha uzunu. İstemciden 88 82, dört baytlık maskeleme anahtarı (masking key), ardından onunla
        maskelenmiş 03 e8.
    .sendable-both = Evet, iki taraf da gönderebilir.
    .why = Evet: amaca ulaşıldı. Gerekçe metni daha fazlasını söyleyebilir.
    .clean = İki taraf da Close gönderdiyse temizdir.
    .log = 1000, gerekçe ve ilk Close'u hangi tarafın gönderdiği. Sıradan bir satır, uyarı değil.
    .act = Hiçbir şey. Bitiş erken geldiyse, başlatan taraftaki close() çağrısını arayın.

code-1005 =
    .name = No Status Received (durum kodu gelmedi)
    .short = 1005 (No Status Received), bir kapanış çerçevesi geldiğini ve kod taşımadığını söyler.
    .description =
        Ayrılmış bir değer: gelen kapanış çerçevesi (Close frame) durum kodu taşımıyordu. 1005 asla hatta bulunmaz ve bir uç onu çerçeveye
        koymamalıdır. “Kodu” soran bir program yanıt alabilsin diye, boş Close'u alan tarafın kütüphanesi üretir.

        Başarı ya da başarısızlık hakkında bir şey söylemez. İki taraf da Close gönderdiyse 1005 ile biten bir oturum temizdir (clean).
    .seen =
        Tarafınızın aldığı ilk Close'un yük uzunluğu 0'dı ve yerel kütüphane “kod yok” anlamında 1005 gösteriyor. Sık görülen nedenler:
        - Argümansız close() çağıran tarayıcı ya da Node kodu.
        - Bir kütüphanenin kodsuz kapatma çağrısı, örneğin close(None).
        - Bir istemcideki “Disconnect” düğmesi ya da Ctrl-C.
        - Kendisine 1000 gönderildiği hâlde boş Close ile yanıt veren bir sunucu.
        - Öteki tarafın yalnızca geri yolladığı, sizin kendi boş Close'unuz.
    .fix =
        1005 hatta taşınan bir değer değil, iç bir göstergedir; bu yüzden sayının kendisinde düzeltilecek bir şey yoktur. Önce boş Close'u hangi
        tarafın gönderdiğine bakın: bunu iki kapanış çerçevesi söyler. Sizinkiyse bir kod verin: close(1000, "done"). Öteki tarafınkiyse ve sık
        oluyorsa o tarafta bir hata olabilir: orada kapatan ya da Close'u yanıtlayan koda bakın. Boş bir Close'a izin vardır; nadir olanı kendi
        hâline bırakılabilir.
    .differs =
        - 1000'den farkı: kimse amaca ulaşıldığını söylemedi, aksini de söylemedi.
        - 1006'dan farkı: bir kapanış çerçevesi geldi, yani bitiş duyuruldu; 1006'da duyurulmadı.
        - Özel bir koddan farkı: onlar gönderilir; 1005 ise Close'un vardığı yerde üretilir.
    .use =
        Asla 1005 göndermeyin. Boş bir Close'u yalnızca gerekçe verilmeyecekse, öteki tarafın 1005 bildireceğini bilerek gönderin. Bütün öteki
        durumlarda kısa bir gerekçeyle 1000 gönderin.
    .more =
        - { link-codes }
        - { link-close-frame }
        - { link-close-code }
        - { link-registry }
        - { link-browsers }
        - Laboratuvarda: /close/empty ve 1000'inize boş Close ile yanıt veren /echo-but-reply-empty. Karşılaştırmak için: closelook explain 1000 1005
    .wire = Asla. Hatta olan, yükü boş bir kapanış çerçevesidir (Close frame).
    .producer = Boş Close'u alan tarafın kütüphanesi. Onu kimse göndermedi.
    .bytes =
        Sunucudan 88 00: uzunluk 0, koda yer yok. İstemciden 88 80 ve dört baytlık maskeleme anahtarı (masking key), ardında hiçbir şey olmadan.
    .sendable-nobody = Hayır, çerçevede bulunmamalıdır. Boş bir Close göndermek öteki tarafın onu bildirmesine yol açar.
    .why = Hayır: yalnızca kod verilmediğini söyler.
    .clean = 1000'de olduğu gibi, iki taraf da Close gönderdiyse temizdir.
    .log = “Kodsuz Close”, onu hangi tarafın gönderdiği ve kendi tarafınızın gönderdiği kod. Tek başına uyarı değil.
    .act = Boş Close'u hangi tarafın gönderdiğine bakın. Sizinkiyse bir kod verin; öteki tarafınkiyse ve sık oluyorsa orada kapatan koda bakın.

code-1001 =
    .name = Going Away (ayrılıyor)
    .short = 1001 (Going Away), gönderen tarafın ayrıldığını söyler: terk edilen bir sayfa ya da kapanan bir sunucu.
    .description = Bir uç ayrılıyor: sunucu kapanıyor ya da tarayıcı oturumun bulunduğu sayfadan ayrıldı.
    .seen = Tarayıcılar bir sayfa kapatılınca, yenilenince ya da terk edilince gönderir. Sunucular durdurulunca, örneğin yeni sürüm kurulurken gönderir.
    .fix = Çoğu durumda düzeltilecek bir şey yok. Oturuma ihtiyacı olan istemci, istemciden istemciye değişen bir süre bekleyip yeniden bağlanır.
    .differs =
        - 1000'den farkı: gönderen, iş bitmiş olsun olmasın ayrılıyor.
        - 1006'dan farkı: ayrılış bir kapanış çerçevesinde duyuruldu.
        - 1012'den farkı: geri dönüş hakkında bir şey söylenmez.
    .use = Süreç ya da sayfa gidiyorsa 1001, iş bittiyse 1000 gönderin.
    .more =
        - { link-codes }
        - { link-recover }
        - Laboratuvarda: /close/1001
    .producer =
        Sayfa terk edilince tarayıcılar ve düzgün durdurulan sunucular: örneğin Python websockets oturumlarını 1001 ile bitirir.
    .log = Hangi tarafın ayrıldığı ve sunucuda bunun planlı bir durdurma olup olmadığı.
    .why = Evet: gönderen ayrılıyor.
    .act = Oturum hâlâ gerekliyse yeniden bağlanın.

code-1002 =
    .name = Protocol Error (protokol hatası)
    .short = 1002 (Protocol Error), gönderen tarafın protokolün bir kuralının bozulduğunu gördüğünü söyler.
    .description = Bir uç, protokol hatası nedeniyle oturumu bitiriyor: RFC 6455'in izin vermediği baytlar geldi.
    .seen =
        Ayrılmış bir işlem kodu (opcode) ya da bit, yanlış maskelenmiş bir çerçeve, parçalanmış bir denetim çerçevesi, izin verilmeyen bir kapanış
        kodu ve benzerlerinden sonra. Genellikle program değil, kütüphane gönderir.
    .fix = Oturumun bulgularına bakın: çerçeveyi ve kuralı onlar söyler. Kuralı hangi tarafın bozduğunu sayı değil, çerçeveler gösterir.
    .differs =
        - 1007'den farkı: orada çerçeveler doğrudur, mesajın içeriği değildir.
        - 1003 ve 1008'den farkı: orada bozulan bir kural yoktur; mesaj istenmiyordur.
        - 1006'dan farkı: hatayı gören taraf, bağlantıyı bitirmeden önce bunu söyledi.
    .use = Çerçeveleme yanlışsa 1002 gönderin. İçeriği istenmeyen ama geçerli çerçeveler için 1003, 1007, 1008 ve 1009 vardır.
    .more =
        - { link-codes }
        - { link-fail }
        - Laboratuvarda: /close/1002
    .producer = Neredeyse her zaman, kuralı bozan bir çerçeve bulan bir kütüphane; programlar bunu kendileri pek göndermez.
    .log = Close'dan önceki çerçeve onaltılık olarak, ayrıca iki kütüphanenin adı ve sürümü.
    .why = Evet: bir kural bozuldu; hangisi olduğunu yalnızca gerekçe ya da önceki çerçeveler söyler.
    .act = Kuralı bozan çerçeveyi bulun: bulgulara bakın.

code-1003 =
    .name = Unsupported Data (desteklenmeyen veri)
    .short = 1003 (Unsupported Data), gönderen tarafın bu veri türünü kabul edemediğini söyler.
    .description = Bir uç, kabul edemediği türde veri aldı; örneğin yalnızca metin anlarken ikili (binary) bir mesaj.
    .seen = Bir istemci, metin konuşan bir hizmete ikili veri gönderdi (ya da tersi).
    .fix = Öteki tarafın beklediği türü gönderin. Close'dan önceki son mesajın işlem koduna (opcode) bakın: 1 metin, 2 ikilidir.
    .differs =
        - 1007'den farkı: türün kendisi istenmiyor; 1007'de tür doğru, içerik bozuktur.
        - 1008'den farkı: yalnızca verinin türüyle ilgilidir, başka bir kuralla değil.
    .use = Mesajın türü yanlışsa 1003, türü doğru ama içeriği bozuksa 1007 gönderin.
    .more =
        - { link-codes }
        - Laboratuvarda: /close/1003
    .producer = Yalnızca metin ya da yalnızca ikili veri anlayan programlar; kütüphaneler bunu kendiliğinden pek göndermez.
    .log = Reddedilen mesajın işlem kodu ve yerine ne istendiği.
    .why = Evet: verinin türü.
    .act = Öteki türde mesaj gönderin.

code-1004 =
    .name = Reserved (ayrılmış)
    .short = 1004 ayrılmıştır: bir anlamı yoktur ve kimse gönderemez.
    .description = Ayrılmış. İleride bir anlam tanımlanabilir; bugün yoktur.
    .seen = Yalnızca hatalı bir uçtan ya da 4000 - 4999 dışında kendi sayılarını kullanan birinden.
    .fix = Gönderen tarafı düzeltin. Katı kütüphaneler 1002 ile yanıt verir.
    .differs =
        - Yanındaki 1003 ve 1005'ten farkı: onların bir anlamı vardır, 1004'ün yoktur.
        - 4000 - 4999'dan farkı: onlar kendi anlamlarınız içindir, 1004 değildir.
    .use = Göndermeyin. Kendi anlamlarınız için 4000 - 4999 vardır.
    .more =
        - { link-codes }

code-1006 =
    .name = Abnormal Closure (olağan dışı kapanış)
    .short = 1006 (Abnormal Closure), bağlantının bittiğini ve hiç kapanış çerçevesi gelmediğini söyler.
    .description =
        Ayrılmış bir değer: bağlantı bitti ya da hiç kurulmadı ve kapanış çerçevesi (Close frame) alınmadı. 1006 asla hatta bulunmaz. Close almayan
        tarafın kütüphanesi onu, her tarafta kendisi için üretir.

        Kimin işi olduğunu söylemez: bir çökme, kopan bir ağ ve bir vekil sunucunun (proxy) zaman aşımı bu sayıda aynı görünür.
    .seen =
        TCP, kapanış çerçevesi olmadan bitti (FIN ya da RST); bir vekil sunucu ya da yük dengeleyici boşta kalan bağlantıyı bitirdi; bir süreç
        öldürüldü; ağ koptu; WebSocket'e yükseltme başarısız oldu; ya da tarafınız Close gönderdi ve yanıt gelmedi.
    .fix =
        TCP'nin nasıl bittiğine ve hemen öncesinde ne olduğuna bakın. Bir dakika kadar boştaysa: Ping gönderin ve vekil sunucuların (proxy) zaman
        aşımlarına bakın. Bağlanır bağlanmazsa: HTTP yanıtına bakın. Rastgeleyse: sunucunun günlüğünde (log) çıkış ve hata arayın. Sonra, giderek
        uzayan bir süre bekleyip yeniden bağlanın.
    .differs =
        - 1005'ten farkı: orada bir kapanış çerçevesi geldi ve kod taşımıyordu; burada hiç gelmedi.
        - 1000 ve gönderilen bütün öteki kodlardan farkı: onlar neden hakkında bir şey söyler, 1006 hiçbir şey söylemez.
        - 1015'ten farkı: TLS bağlantısı vardı; 1015'te yoktu.
    .use = Asla 1006 göndermeyin. Oturumu bitirmek isteyen taraf bir Close gönderir ve öteki tarafınkini bekler.
    .more =
        - { link-codes }
        - { link-close-code }
        - { link-recover }
        - { link-browsers }
        - Laboratuvarda: /drop (FIN), /reset (RST), /silent-close (hiç yanıtlanmayan bir Close)
    .wire = Asla. Ortada hiç kapanış çerçevesi yoktu.
    .producer = Close almayan tarafın kütüphanesi. Onu kimse göndermedi.
    .bytes = Yok: kapanış çerçevesi gelmedi.
    .sendable-nobody = Hayır, çerçevede bulunmamalıdır. TCP'yi Close olmadan bitirmek öteki tarafın onu bildirmesine yol açar.
    .why = Hayır: yalnızca Close gelmediğini söyler.
    .clean = Asla temiz değil.
    .log = TCP'nin nasıl bittiği (FIN, RST ya da zaman aşımı), oturumun ne kadar boşta kaldığı ve son ne gönderildiği.
    .act = TCP'nin nasıl bittiğine ve öncesine bakın; bir süre bekleyip yeniden bağlanın.

code-1007 =
    .name = Invalid Frame Payload Data (geçersiz yük verisi)
    .short = 1007 (Invalid Frame Payload Data), bir mesajın içeriğinin türüne uymadığını söyler.
    .description = Bir mesajın içeriği türüne uymuyor. Olağan durum: UTF-8 olmayan bir metin mesajı.
    .seen = Latin-1 ya da başka bir kodlamayla yazılmış metin ya da ikili veri, metin mesajı olarak gönderildi; ya da mesaj bir karakterin ortasından kesildi.
    .fix = Metni UTF-8, geri kalan her şeyi ikili (binary) olarak gönderin. “UTF-8 değil” bulgusu ilk yanlış baytın yerini verir.
    .differs =
        - 1002'den farkı: çerçeveler doğrudur, içlerindeki değildir.
        - 1003'ten farkı: tür kabul edilir, içeriği bozuktur.
    .use = İçerik bozuksa 1007, tür istenmiyorsa 1003 gönderin.
    .more =
        - { link-codes }
        - { link-utf8 }
        - Laboratuvarda: /close/1007
    .producer = Çoğunun yaptığı gibi, metni alırken UTF-8 denetimi yapan bir kütüphane; bozuk veriyle karşılaşan bir açıcı da bazen bunu kullanır.
    .log = İlk yanlış baytın yeri ve mesajı üreten program.
    .why = Evet: türüne uymayan içerik.
    .act = Mesajı bulun ve kodlamasını düzeltin.

code-1008 =
    .name = Policy Violation (kural ihlali)
    .short = 1008 (Policy Violation), bir mesajın gönderen tarafın bir kuralına uymadığını, kuralın adını vermeden söyler.
    .description = Bir uç, kurallarına aykırı bir mesaj aldı. Başka uygun kod yoksa ya da ayrıntılar söylenmeyecekse kullanılan genel koddur.
    .seen = Eksik ya da süresi dolmuş yetki, çok fazla mesaj, yasak bir köken (origin) ya da konu: hizmet neyi kural sayıyorsa.
    .fix = Gerekçeyi ve hizmetin belgelerini okuyun. Close'dan önceki son mesaja bakın.
    .differs =
        - 3000 ve 3003'ten farkı: onlar konunun yetki olduğunu söyler.
        - 1003, 1007 ve 1009'dan farkı: onlar mesajda neyin yanlış olduğunu adlandırır.
        - 1011'den farkı: kural bilerek uygulandı; arızalanan bir şey yok.
    .use = Uygulamanın kuralları için 1008 gönderin. İki tarafın da bildiği yerde 3000 ve 3003 ya da 4000 - 4999 daha fazlasını söyler.
    .more =
        - { link-codes }
        - Laboratuvarda: /close/1008
    .producer = Kendi kurallarıyla programlar ve ağ geçitleri (gateway): eksik bir oturum açma, bir kota, izin verilmeyen bir köken.
    .log = Gerekçe, hesap ve önceki mesaj; yeniden bağlanmanın anlamı olup olmadığını onlar belirler.
    .why = Kısmen: uygulamanın bir kuralı, hangisi olduğu değil.
    .act = Gerekçeyi ve hizmetin kurallarını okuyun; hemen yeniden bağlanmak pek işe yaramaz.

code-1009 =
    .name = Message Too Big (mesaj çok büyük)
    .short = 1009 (Message Too Big), bir mesajın, kodu gönderen tarafın kabul ettiğinden büyük olduğunu söyler.
    .description = Bir mesaj, ucun işleyemeyeceği kadar büyüktü.
    .seen = Alıcının sınırını aşan bir mesaj. Birçok sunucunun ve vekil sunucunun (proxy) varsayılan bir sınırı vardır; sık rastlananlar 64 KiB, 1 MiB ve 16 MiB.
    .fix = Daha küçük mesajlar gönderin ya da alan taraftaki sınırı yükseltin. Sınır bütün mesaja konmuşsa parçalara (fragment) bölmek işe yaramaz.
    .differs =
        - 1008'den farkı: tek neden boyuttur.
        - 1011'den farkı: sınır seçilmiştir; arızalanan bir şey yok.
    .use = Bir mesaj yalnızca boyutu nedeniyle reddediliyorsa, gerekçede sınırı belirterek 1009 gönderin.
    .more =
        - { link-codes }
        - { link-limits }
        - Laboratuvarda: /close/1009
    .producer =
        Sınırı aşılan bir kütüphane. Varsayılan sınır Node ws'te 100 MiB, tungstenite'ta 64 MiB, aiohttp'de 4 MiB, Python websockets'te 1 MiB,
        coder/websocket'te 32 KiB'dır.
    .log = Mesajın boyutu ve sınır.
    .why = Evet: bir mesajın boyutu.
    .act = Mesajları küçültün ya da sınırı büyütün.

code-1010 =
    .name = Mandatory Extension (zorunlu uzantı)
    .short = 1010 (Mandatory Extension), istemcinin bir uzantıya ihtiyacı olduğunu ve sunucunun onu kabul etmediğini söyler.
    .description = Bir istemci, sunucunun yükseltme (upgrade) sırasında bir ya da daha çok uzantıyı kabul etmesini bekledi, sunucu kabul etmedi. Gerekçe onları saymalıdır.
    .seen = Oturumun başında, permessage-deflate gibi bir uzantı olmadan çalışamayan bir istemciden.
    .fix = Uzantıyı sunucuda etkinleştirin ya da Sec-WebSocket-Extensions başlığını silen bir vekil sunucu (proxy) arayın. Ya da istemci onsuz çalışsın.
    .differs =
        - 1002'den farkı: yükseltme hiçbir kuralı bozmadı; yalnızca bu istemcinin gereksindiği eksik.
        - Başarısız bir yükseltmeden farkı: uzantısı olmayan sunucu bunu kabul etmeyerek söyler, asla 1010 göndermez.
    .use = Yalnızca istemciler. Uzantısı olmayan bir sunucu bunun yerine yükseltmeyi reddeder.
    .more =
        - { link-codes }
        - { link-extensions }
    .producer = Bir uzantıda ısrar etmesi söylenmiş bir istemci; uygulamada nadirdir.
    .log = Sec-WebSocket-Extensions içinde ne önerildiği ve ne kabul edildiği.
    .why = Evet: kabul edilmeyen bir uzantı; gerekçe adını verir.
    .act = Uzantıda anlaşın ya da onsuz çalışın.

code-1011 =
    .name = Internal Error (iç hata)
    .short = 1011 (Internal Error), gönderen tarafın beklenmedik bir durumla karşılaştığını ve sürdüremeyeceğini söyler.
    .description =
        Bir uç, isteği yerine getirmesini engelleyen beklenmedik bir durumla karşılaştığı için oturumu bitiriyor. RFC 6455 sunuculardan söz eder;
        3227 numaralı düzeltmesi (erratum) istemcilerin de 1011 göndermesine izin verir.
    .seen = Mesajı işleyen kodda, çoğunlukla sunucuda, bir istisna (exception): birçok kütüphane bunu kendiliğinden 1011'e çevirir.
    .fix =
        Gönderen tarafın günlüğünde (log) o ana bakın. Öteki tarafta: bir süre bekleyip yeniden bağlanın ve son mesajın daha önceki hatalarla ortak
        yanını arayın.
    .differs =
        - 1002, 1003, 1007, 1008 ve 1009'dan farkı: onlar öteki tarafın gönderdiğiyle ilgilidir; 1011 gönderenin kendi arızasıdır.
        - 1012 ve 1013'ten farkı: onlar planlıdır ya da kendiliğinden geçer.
    .use = Gönderenin kendi arızaları için. Kötü istekler için değil: onlar için 1002, 1003, 1007 ve 1008 vardır.
    .more =
        - { link-codes }
        - Laboratuvarda: /close/1011
    .producer =
        Mesajı işleyen kodu hata fırlatan bir kütüphane. Python websockets bunu, yaşam sinyali (keep-alive) olarak gönderdiği Ping yanıtsız
        kalınca da gönderir; gerekçe bunu söyler.
    .log = Gönderen tarafta hata ve izi (trace), ayrıca önceki mesaj.
    .why = Kısmen: gönderen tarafın bir arızası; gerisi o tarafın günlüğündedir.
    .act = Gönderen tarafın günlüğünü okuyun.

code-1012 =
    .name = Service Restart (hizmet yeniden başlıyor)
    .short = 1012 (Service Restart), hizmetin yeniden başladığını ve istemcinin geri gelebileceğini söyler.
    .description = Hizmet yeniden başlatılıyor. İstemci yeniden bağlanabilir; herkes aynı anda gelmesin diye rastgele 5 ila 30 saniye beklemelidir.
    .seen = Yeni sürüm kurulumları ve planlı yeniden başlatmalar.
    .fix = Düzeltilecek bir şey yok: rastgele bir süre bekleyip yeniden bağlanın.
    .differs =
        - 1001'den farkı: hizmet geri geleceğini söyler.
        - 1013'ten farkı: aşırı yüklü değil, yeniden başlıyor.
    .use = Yalnızca sunucular, yeniden başlatma için; ardından bir şey gelmeyecek kapanış için 1001.
    .more =
        - { link-registry }
        - Laboratuvarda: /close/1012
    .producer = Bilerek yeniden başlatılan sunucular: örneğin uvicorn oturumlarını 1012 ile bitirir.
    .log = Yeniden başlatma ve nedeni, kaç istemcinin ne zaman geri geldiği.
    .why = Evet: yeniden başlatma.
    .act = Rastgele bir süre bekleyip yeniden bağlanın.

code-1013 =
    .name = Try Again Later (daha sonra deneyin)
    .short = 1013 (Try Again Later), hizmetin şu anda çok yoğun olduğunu söyler.
    .description = Hizmet aşırı yüklü. İstemci hizmetin başka bir adresini denemeli ya da kullanıcısı yeniden isteyene kadar beklemelidir.
    .seen = Bağlantı sınırları, aşırı yüke karşı koruma, bakım kipi.
    .fix = Giderek uzayan aralarla daha sonra gelin. Sunucuda: yüke ve sınırlara bakın.
    .differs =
        - 1012'den farkı: hizmet çalışmayı sürdürüyor ve çok meşgul.
        - Kota nedeniyle gelen 1008'den farkı: orada tükenen hizmet değil, bu istemcinin payıdır.
    .use = Yalnızca sunucular, aynı istek daha sonra büyük olasılıkla başarılı olacaksa.
    .more =
        - { link-registry }
        - Laboratuvarda: /close/1013
    .producer = Sınırına dayanmış sunucular ve ağ geçitleri (gateway).
    .log = O andaki yük ve sınırlar, istemcinin kaç kez denediği.
    .why = Evet: aşırı yük.
    .act = Yeniden bağlanmadan önce her seferinde daha uzun bekleyin.

code-1014 =
    .name = Bad Gateway (hatalı ağ geçidi)
    .short = 1014 (Bad Gateway), bir ağ geçidinin ya da vekil sunucunun arkasındaki sunucudan geçersiz yanıt aldığını söyler.
    .description = Sunucu, ağ geçidi (gateway) ya da vekil (proxy) olarak çalışıyordu ve arkasındaki sunucudan, HTTP 502 durumunda olduğu gibi, geçersiz bir yanıt aldı.
    .seen = Arkasındaki sunucu arızalandığı için bir vekil sunucu oturumu bitirir. Bazı istemci kütüphaneleri 1014'ü tanımaz ve yerine 1002 gösterir.
    .fix = Vekil sunucunun günlüğüne (log) ve arkasındaki sunucuya bakın.
    .differs =
        - 1011'den farkı: arıza gönderenin kendisinde değil, arkasındadır.
        - 1006'dan farkı: arkasındaki sunucu arızalanınca birçok ağ geçidi yalnızca bağlantıyı bitirir; o zaman 1006 görülür.
    .use = Yalnızca ağ geçitleri ve vekil sunucular.
    .more =
        - { link-registry }
        - Laboratuvarda: /close/1014
    .producer = Ağ geçitleri ve vekil sunucular; birçoğu yalnızca bağlantıyı bitirir ve böylece 1006'ya yol açar.
    .log = Ağ geçidinin kendi günlüğüne göre arkasındaki sunucunun ne yanıt verdiği.
    .why = Evet: ağ geçidinin arkasındaki sunucu.
    .act = Ağ geçidine ve arkasındaki sunucuya bakın.

code-1015 =
    .name = TLS Handshake (TLS el sıkışması)
    .short = 1015 (TLS Handshake), TLS el sıkışmasının başarısız olduğunu, dolayısıyla hiç oturum kurulmadığını söyler.
    .description = Ayrılmış bir değer: TLS el sıkışması başarısız olduğu için bağlantı bitti. Asla hatta bulunmaz; konabileceği bir hat da yoktur.
    .seen =
        Güvenilmeyen, süresi dolmuş ya da başka bir ad için verilmiş bir sertifika; ortak bir TLS sürümünün olmaması; TLS konuşmayan bir kapı
        (port). Tarayıcıların betiklerine bunun yerine 1006 göstermesi beklenir.
    .fix = Sertifikanın adlarını, tarihlerini ve verenini, ayrıca kapının TLS konuşup konuşmadığını denetleyin. Özel bir sertifika makamı varsa ona güvenin.
    .differs =
        - 1006'dan farkı: TLS'in kendisi başarısız oldu; kopabilecek bir bağlantı hiç olmadı.
        - Başarısız bir yükseltmeden farkı: orada HTTP konuşuldu, burada hiçbir şey konuşulmadı.
    .use = Asla 1015 göndermeyin.
    .more =
        - { link-codes }
        - { link-browsers }
    .wire = Asla. WebSocket bağlantısı olmadı.
    .producer = İstemcinin kütüphanesi. Onu kimse göndermedi.
    .bytes = Yok: oturum hiç başlamadı.
    .sendable-nobody = Hayır, çerçevede bulunmamalıdır.
    .why = Kısmen: TLS başarısız oldu; nedenini TLS hatasının kendisi söyler.
    .clean = Asla temiz değil.
    .log = TLS hatası, sunucu adı ve sertifika.
    .act = Sertifikaya ve kapıya bakın.

code-3000 =
    .name = Unauthorized (yetkisiz)
    .short = 3000 (Unauthorized), HTTP 401 durumunda olduğu gibi, ucun istediği iş için yetkilendirilmediğini söyler.
    .description = Ucun, istediğini yapmak için yetkilendirilmiş olması gerekir. HTTP 401 durumunun karşılığıdır.
    .seen = Belirtecin (token) yükseltmeden sonra denetlendiği hizmetlerde, belirteç eksik, yanlış ya da süresi dolmuş.
    .fix = Yeni bir belirteç alın ve onunla yeniden bağlanın. Eskisiyle yeniden bağlanmak yine başarısız olur.
    .differs =
        - 3003'ten farkı: soranın kim olduğu bilinmiyor ya da artık bilinmiyor; 3003'te biliniyor ve yetmiyor.
        - 1008'den farkı: konunun yetki olduğunu söyler.
        - 4401 ve öteki özel kodlardan farkı: onlar aynısını anlaşmayla söyler, 3000 ise kayıtla.
    .use = Kimlik bilgileri eksik ya da geçersizse 3000; geçerli ama yetersizse 3003.
    .more =
        - { link-registry }
        - { link-ranges }
        - Laboratuvarda: /close/3000
    .producer = Kayda uyan çatılar (framework) ve hizmetler. Ötekiler aynısı için 1008 ya da özel bir kod kullanır.
    .log = Hangi kimlik bilgilerinin kullanıldığı ve ne zaman sona erdiği; kimlik bilgilerinin kendisi asla.
    .why = Evet: yetki.
    .act = Yeniden bağlanmadan önce kimlik bilgilerini yenileyin.

code-3003 =
    .name = Forbidden (yasak)
    .short = 3003 (Forbidden), HTTP 403 durumunda olduğu gibi, ucun bilindiğini ama istediğini yapamayacağını söyler.
    .description = Uç yetkilendirilmiş, ama istediği şey için izni yok. HTTP 403 durumunun karşılığıdır.
    .seen = Bir kanal, oda ya da işlem için hakkı olmayan bir hesap.
    .fix = İzni isteyin ya da o şeyi istemeyin. Aynı hesabın yeni kimlik bilgileri işe yaramaz.
    .differs =
        - 3000'den farkı: aynı hesap için yeni kimlik bilgileri işe yaramaz.
        - 1008'den farkı: konunun izin olduğunu söyler.
    .use = Kimlik bilgileri geçerli ama yetersizse 3003; eksik ya da geçersizse 3000.
    .more =
        - { link-registry }
        - { link-ranges }
        - Laboratuvarda: /close/3003
    .producer = Kayda uyan çatılar (framework) ve hizmetler. Ötekiler aynısı için 1008 ya da özel bir kod kullanır.
    .log = Hesap ve izni olmadığı şey.
    .why = Evet: izin.
    .act = İzni alın; döngü içinde yeniden bağlanmayın.

code-3008 =
    .name = Timeout (zaman aşımı)
    .short = 3008 (Timeout), HTTP 408 durumunda olduğu gibi, ucun çok geciktiğini söyler.
    .description = Uç, kendisinden beklenen bir şeyi yapmakta ya da göndermekte çok gecikti. HTTP 408 durumunun karşılığıdır.
    .seen = İlk mesaj, yetkilendirme ya da bir Ping'e yanıt, hizmetin tanıdığı sürede gelmedi.
    .fix = Hizmetin yükseltmeden sonra neyi, ne kadar beklediğine bakın. Sonra onu zamanında gönderin.
    .differs =
        - Uzun bir sessizlikten sonraki 1006'dan farkı: orada kimse bir şey söylemedi; 3008 gönderildi.
        - 1013'ten farkı: yalnızca bu istemci gecikti; hizmet aşırı yüklü değil.
    .use = Öteki taraf, borçlu olduğu bir şeyde gecikince.
    .more =
        - { link-registry }
        - { link-ranges }
        - Laboratuvarda: /close/3008
    .producer = Bir mesaj bekleyen ve kayda uyan çatılar (framework) ve hizmetler.
    .log = Neyin, ne kadar süre beklendiği.
    .why = Evet: süre; neyin beklendiğini gerekçe söyleyebilir.
    .act = Bekleneni zamanında gönderin.

## Aralıklar: kendi adı olmayan kodlar. $code sayıdır.

range-not-used =
    .name = Kullanılmaz (Not used)
    .short = { $code }, kullanılmayan 0 - 999 aralığındadır.
    .description = { $code }, kapanış kodu (close code) olarak kullanılmayan 0 - 999 aralığındadır.
    .seen = Yalnızca hatalı bir uçtan; örneğin kendi küçük sayılarını ya da iki baytı yanlış sırada gönderen birinden.
    .fix = Gönderen tarafı düzeltin. Katı kütüphaneler 1002 ile yanıt verir.
    .differs =
        - 1000 - 4999'dan farkı: bir kapanış çerçevesi onların birçoğunu taşıyabilir, bunların hiçbirini taşıyamaz.
        - HTTP durumlarından farkı: 404 gibi bir sayı kapanış kodu değildir; 4404 ise sık kullanılan özel bir koddur.
    .use = Göndermeyin. Kendi anlamlarınız için 4000 - 4999 vardır.
    .more =
        - { link-ranges }

range-unassigned =
    .name = Atanmamış (Unassigned)
    .short = { $code }, protokolün kendi aralığındadır ve kimse onu kaydettirmemiştir.
    .description = { $code }, RFC 6455, ardılları ve uzantıları için ayrılan 1000 - 2999 aralığındadır. Bu sayı atanmamıştır.
    .seen = Yalnızca hatalı bir uçtan ya da bu listeden daha yeni bir belirtime uyan birinden.
    .fix = Gönderen tarafı düzeltin. Katı kütüphaneler 1002 ile yanıt verir.
    .differs =
        - 1000 - 1015'ten farkı: onlar kayıtlıdır, bunlar değildir.
        - 3000 - 4999'dan farkı: onlar gönderilebilir, bunlar gönderilemez.
    .use = Göndermeyin. Kendi anlamlarınız için 4000 - 4999 vardır.
    .more =
        - { link-ranges }
        - { link-registry }

range-registered =
    .name = Kütüphane ya da çatı (Library or framework)
    .short = { $code }, kütüphaneler ve çatılar içindir; anlamı IANA'ya kayıtlıdır ya da onu gönderen kütüphane tanımlar.
    .description = { $code }, IANA'ya kaydedilerek kütüphaneler, çatılar (framework) ve uygulamalar için kullanılan 3000 - 3999 aralığındadır. RFC 6455 ona bir anlam vermez.
    .seen = Öteki taraftaki bir kütüphane ya da çatı onu kendi amacı için kullanıyor.
    .fix = Gönderen taraftaki kütüphanenin belgelerini ve gerekçeyi okuyun.
    .differs =
        - 1000 - 2999'dan farkı: onlar protokole, bunlar kütüphanelere ve çatılara aittir.
        - 4000 - 4999'dan farkı: onlar kayıt istemez ve kendi hizmetlerinin dışında bir anlamı yoktur.
    .use = Yalnızca kayıtla. Kayıtsız kullanım için 4000 - 4999 vardır.
    .more =
        - { link-ranges }
        - { link-registry }
        - Laboratuvarda: /close/{ $code }

range-private =
    .name = Özel kullanım (Private use)
    .short = { $code } özel bir koddur: anlamı bu istemci ile bu sunucu arasındaki bir anlaşmadır.
    .description = { $code }, özel kullanıma ayrılan 4000 - 4999 aralığındadır. İki uygulamanın anlaştığı anlama gelir, başka kimseye bir şey ifade etmez.
    .seen = Öteki taraftaki uygulama kendine özgü bir nedenle kapattı: biten bir oturum açma, kapanan bir oda, yerini alan daha yeni bir oturum.
    .fix = Hizmetin belgelerini ve gerekçeyi okuyun. Aynı sayı başka bir hizmette başka bir anlama gelebilir.
    .differs =
        - 3000 - 3999'dan farkı: onlar, bir sayının tek anlamı olsun diye IANA'ya kayıtlıdır.
        - 1000 - 1015'ten farkı: onlar her yerde aynı anlama gelir; bunlar hizmet ne diyorsa o anlama.
    .use = İki uygulama ortak bir anlam listesi kullanıyorsa. Listeyi yazın ve kodla birlikte bir gerekçe gönderin.
    .more =
        - { link-ranges }
        - Laboratuvarda: /close/{ $code }
    .why = Evet, anlaşmayı bilenler için.

range-undefined =
    .name = Tanımsız (Undefined)
    .short = { $code }, kapanış kodu tanımlanmayan 4999 üstündedir.
    .description = { $code }, 4999'un üstündedir. RFC 6455 orada kapanış kodu (close code) tanımlamaz.
    .seen = Yalnızca hatalı bir uçtan; örneğin iki baytı yanlış sırada okuyan ya da yazan birinden: 59395, ters çevrilmiş 03 e8'dir.
    .fix = Gönderen tarafı düzeltin. Katı kütüphaneler 1002 ile yanıt verir.
    .differs =
        - 4000 - 4999'dan farkı: onlar özel kullanım içindir; ötesinde hiçbir şeye izin yoktur.
        - 65535'ten büyük sayılardan farkı: onlar kapanış çerçevesinin iki baytına sığmaz bile.
    .use = Göndermeyin. Kendi anlamlarınız için 4000 - 4999 vardır.
    .more =
        - { link-ranges }

## Hizmetlerin ve kütüphanelerin belgelenmiş kod kullanımları; “service-...” bunların adları ve belgeleridir.

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

known-1000-phoenix = JavaScript istemcisi, kendi yaşam sinyaline (heartbeat) zamanında yanıt alamayınca bu kodla ve “heartbeat timeout” gerekçesiyle kapatır, ardından yeniden bağlanır.
known-2010-sockjs = bu oturumu başka bir bağlantı hâlâ kullanıyor. Kapanış çerçevesinde değil, SockJS'in bir mesajı içinde taşınır.
known-3000-sockjs = “Go away!”: sunucu oturumu bitirdi. SockJS'in bir mesajı içinde taşınır ve istemcinin kapanış olayında görünür.
known-3001-centrifugo = sunucu kapanıyor; istemciler yeniden bağlanır.
known-3004-centrifugo = sunucuda iç hata; istemciler yeniden bağlanır.
known-3005-centrifugo = bağlantının süresi doldu; istemciler yenileyip yeniden bağlanır.
known-3006-centrifugo = bir aboneliğin süresi doldu; istemciler yeniden bağlanır.
known-3008-centrifugo = “slow”: istemci yeterince hızlı okumadı. Bu, kayıtlı olandan başka bir anlamdır.
known-3009-centrifugo = bağlantıya yazılamadı; istemciler yeniden bağlanır.
known-3010-centrifugo = istemcinin bir kanal geçmişindeki yeri kayboldu; yeniden bağlanıp arayı kapatır.
known-3011-centrifugo = sunucu istemciden yeniden bağlanmasını istiyor.
known-3012-centrifugo = istemci, sunucunun kendi ping mesajına zamanında yanıt vermedi.
known-3500-centrifugo = belirteç (token) geçersiz; istemciler kendiliğinden yeniden bağlanmaz.
known-3501-centrifugo = hatalı bir komut ya da yanlış komut sırası.
known-3502-centrifugo = istemci, tanınan sürede kimliğini doğrulamadı.
known-3503-centrifugo = sunucu bağlantıyı bitirdi ve yeniden bağlanılmamasını istiyor.
known-3504-centrifugo = bağlantı sınırına ulaşıldı.
known-3505-centrifugo = kanal sınırına ulaşıldı.
known-4000-discord = bilinmeyen bir hata; yeniden bağlanın.
known-4000-twitch = sunucuda iç hata.
known-4000-pusher = uygulama yalnızca şifreli bağlantı kabul ediyor: wss:// kullanın.
known-4001-discord = bilinmeyen bir Gateway işlem kodu (opcode) ya da ona uymayan bir yük.
known-4001-twitch = istemci Pong dışında bir şey gönderdi; buna izin yok.
known-4001-pusher = uygulama yok.
known-4002-discord = çözülemeyen bir yük.
known-4002-twitch = istemci bir Ping'e Pong ile yanıt vermedi.
known-4002-obs = çözülemeyen bir mesaj.
known-4003-discord = istemci kimliğini bildirmeden yük gönderdi.
known-4003-twitch = bağlantı kullanılmadı: 10 saniye içinde abonelik açılmadı.
known-4003-pusher = uygulama devre dışı.
known-4003-obs = zorunlu bir alan eksik.
known-4004-discord = kimlik doğrulanamadı: belirteç (token) yanlış. Aynısıyla yeniden bağlanmayın.
known-4004-twitch = yeniden bağlanma mesajından sonra yeni adrese geçme süresi doldu.
known-4004-pusher = uygulama bağlantı kotasını aştı.
known-4004-obs = bir alanın türü yanlış.
known-4004-graphql = istemci olarak graphql-ws kütüphanesi: sunucunun mesajı protokole uymuyordu.
known-4005-discord = istemci kimliğini iki kez bildirdi.
known-4005-twitch = ağda zaman aşımı.
known-4005-pusher = yol bulunamadı.
known-4005-obs = bir alanın değeri yanlış.
known-4005-graphql = istemci olarak graphql-ws kütüphanesi: kendi içindeki bir hata.
known-4006-discord-voice = oturum artık geçerli değil.
known-4006-twitch = ağda bir hata.
known-4006-pusher = adresteki sürüm biçimce yanlış.
known-4006-obs = obs-websocket'in bilmediği bir işlem kodu (opcode).
known-4007-discord = sürdürürken yanlış sıra numarası; yeni oturum açın.
known-4007-twitch = yeniden bağlanma adresi geçersiz.
known-4007-pusher = desteklenmeyen bir protokol sürümü.
known-4007-obs = istemci kimliğini bildirmeden mesaj gönderdi.
known-4008-discord = çok kısa sürede çok fazla mesaj.
known-4008-pusher = protokol sürümü verilmedi.
known-4008-obs = istemci kimliğini iki kez bildirdi.
known-4009-discord = oturum zaman aşımına uğradı; yenisini açın.
known-4009-pusher = bağlantı yetkili değil.
known-4009-obs = kimlik doğrulanamadı.
known-4010-discord = yanlış parça (shard) numarası.
known-4010-obs = desteklenmeyen bir protokol sürümü.
known-4011-discord = tek bağlantı için fazla sunucu: parçalama (sharding) gerekli.
known-4011-discord-voice = sunucu bulunamadı.
known-4011-obs = oturumu OBS kullanıcısı bitirdi.
known-4012-discord = geçersiz bir API sürümü.
known-4012-discord-voice = bilinmeyen bir protokol.
known-4012-obs = desteklenmeyen bir özellik.
known-4013-discord = geçersiz bir olay isteği (intent).
known-4014-discord = bu uygulamaya izin verilmeyen bir olay isteği (intent): geliştirici portalında etkinleştirin.
known-4014-discord-voice = bağlantı kesildi: kanal silindi ya da kullanıcı taşındı veya çıkarıldı.
known-4015-discord-voice = ses sunucusu çöktü; oturumu sürdürmeyi deneyin.
known-4016-discord-voice = bilinmeyen bir şifreleme kipi.
known-4100-pusher = kapasite aşıldı; bir süre bekleyip yeniden bağlanın.
known-4200-pusher = hemen yeniden bağlanın.
known-4201-pusher = zamanında pong gelmedi; hemen yeniden bağlanın.
known-4202-pusher = bir süre etkinlik olmadığı için kapatıldı; hemen yeniden bağlanın.
known-4400-graphql = iki taraftan birinden gelen, protokole uymayan bir mesaj.
known-4401-graphql = bağlantı onaylanmadan işlem istendi: kimlik bilgisinden çok istemci programının hatasıdır.
known-4403-graphql = bağlantı başlatılırken sunucu programı bağlantıyı reddetti.
known-4406-graphql = graphql-ws kütüphanesi: istemci, sunucunun konuştuğu bir alt protokol önermedi.
known-4408-graphql = connection_init, tanınan sürede gelmedi.
known-4409-graphql = bu kimlikle zaten çalışan bir işlem var.
known-4429-graphql = connection_init birden fazla kez gönderildi.
known-4499-graphql = istemci olarak graphql-ws kütüphanesi: programı terminate() çağırdı. Yalnızca o istemcide görünür, asla gönderilmez.
known-4500-graphql = graphql-ws kütüphanesi: sunucuda iç hata.
known-4504-graphql = istemci olarak graphql-ws kütüphanesi: connection_ack zamanında gelmedi.

## Bulgular: baytların bozabileceği her kural için bir iki cümle

finding-request-method-not-get = İstemcinin isteği GET değil. WebSocket'e yükseltme (upgrade) yalnızca GET ile başlar.
finding-request-version-not-http11 = İstemcinin isteği HTTP/1.1 değil. Yükseltme HTTP/1.1 ister.
finding-request-host-missing = İstemcinin isteğinde Host başlığı yok. Zorunludur.
finding-request-upgrade-missing = İstemcinin isteğinde “Upgrade: websocket” başlığı yok; yani WebSocket istemiyor.
finding-request-connection-missing = İstemcinin isteğinde “Connection: Upgrade” başlığı yok. Vekil sunucular (proxy), aksi söylenmedikçe bunu çoğu zaman siler.
finding-request-key-missing = İstemcinin isteğinde Sec-WebSocket-Key başlığı yok.
finding-request-key-not-sixteen-bytes = İstemcinin Sec-WebSocket-Key değeri base64 ile yazılmış 16 bayt değil.
finding-request-key-repeated = İstemcinin isteğinde birden fazla Sec-WebSocket-Key başlığı var. Tam bir tane olmalıdır.
finding-request-websocket-version-not-13 = İstemcinin Sec-WebSocket-Version değeri, RFC 6455'in tek sürümü olan 13 değil.
finding-request-websocket-version-repeated = İstemcinin isteğinde birden fazla Sec-WebSocket-Version başlığı var. Tam bir tane olmalıdır.
finding-compression-offer-invalid = İstemci permessage-deflate'i bilinmeyen, yinelenen ya da değeri yanlış bir parametreyle öneriyor. Sunucu böyle bir öneriyi geri çevirir.
finding-head-malformed =
    { $side ->
        [client] İstemcinin baytları bir HTTP isteğinin başıyla başlamıyor.
        [server] Sunucunun baytları bir HTTP yanıtının başıyla başlamıyor. Belki HTTP konuşmuyordur ya da TLS konuşuyordur.
       *[unknown] Baytlar bir HTTP mesajının başıyla başlamıyor.
    }
finding-response-version-not-http11 = Sunucunun 101 yanıtı HTTP/1.1 değil. Yükseltme HTTP/1.1 ister.
finding-response-upgrade-missing = Sunucunun yanıtında “Upgrade: websocket” başlığı yok.
finding-response-connection-missing = Sunucunun yanıtında “Connection: Upgrade” başlığı yok.
finding-response-accept-missing = Sunucunun yanıtında, yükseltmeyi anladığını kanıtlayan Sec-WebSocket-Accept başlığı yok.
finding-response-accept-wrong = Sunucunun Sec-WebSocket-Accept değeri isteğin anahtarına uymuyor. Belki bir önbellek ya da vekil sunucu (proxy) eski bir yanıt verdi.
finding-response-accept-repeated = Sunucunun yanıtında birden fazla Sec-WebSocket-Accept başlığı var. Tam bir tane olmalıdır.
finding-response-subprotocol-not-offered = Sunucu, istemcinin önermediği bir alt protokolü (subprotocol) seçti. Katı bir istemci bağlantıyı burada bitirir.
finding-response-extension-not-offered = Sunucu, istemcinin önermediği bir uzantıyı (extension) kabul etti. Katı bir istemci bağlantıyı burada bitirir.
finding-response-subprotocol-repeated = Sunucunun yanıtında birden fazla Sec-WebSocket-Protocol başlığı var. En çok bir tane, tek alt protokolle, olabilir.
finding-compression-answer-invalid = Sunucu permessage-deflate'i bilinmeyen, yinelenen ya da değeri yanlış bir parametreyle kabul etti. İstemci bağlantıyı burada hatayla bitirmelidir.
finding-compression-answer-not-offered = Sunucu permessage-deflate'i, istemcinin önerisinin izin vermediği parametrelerle kabul etti. İstemci bağlantıyı burada hatayla bitirmelidir.
finding-frames-before-response = İstemci, sunucunun yanıtını almadan veri gönderdi. 101 yanıtını beklemelidir.
finding-reserved-bit-without-extension =
    { $side ->
        [client] İstemci ayrılmış bir biti (RSV1, RSV2 ya da RSV3) kurdu ve üzerinde anlaşılan hiçbir uzantı ona bir anlam vermiyor.
        [server] Sunucu ayrılmış bir biti (RSV1, RSV2 ya da RSV3) kurdu ve üzerinde anlaşılan hiçbir uzantı ona bir anlam vermiyor.
       *[unknown] Ayrılmış bir bit (RSV1, RSV2 ya da RSV3) kurulu ve üzerinde anlaşılan hiçbir uzantı ona bir anlam vermiyor.
    }
finding-compressed-bit-on-continuation =
    { $side ->
        [client] İstemci, bir devam çerçevesinde (continuation) RSV1'i kurdu. Sıkıştırıldığını yalnızca mesajın ilk çerçevesi söyler.
        [server] Sunucu, bir devam çerçevesinde (continuation) RSV1'i kurdu. Sıkıştırıldığını yalnızca mesajın ilk çerçevesi söyler.
       *[unknown] Bir devam çerçevesinde (continuation) RSV1 kurulu. Sıkıştırıldığını yalnızca mesajın ilk çerçevesi söyler.
    }
finding-compressed-bit-on-control-frame =
    { $side ->
        [client] İstemci, bir denetim çerçevesinde (control frame) RSV1'i kurdu. Denetim çerçeveleri asla sıkıştırılmaz.
        [server] Sunucu, bir denetim çerçevesinde (control frame) RSV1'i kurdu. Denetim çerçeveleri asla sıkıştırılmaz.
       *[unknown] Bir denetim çerçevesinde (control frame) RSV1 kurulu. Denetim çerçeveleri asla sıkıştırılmaz.
    }
finding-reserved-opcode =
    { $side ->
        [client] İstemci, ayrılmış ve anlamı olmayan { $opcode } işlem koduyla (opcode) bir çerçeve gönderdi.
        [server] Sunucu, ayrılmış ve anlamı olmayan { $opcode } işlem koduyla (opcode) bir çerçeve gönderdi.
       *[unknown] Bir çerçeve, ayrılmış ve anlamı olmayan { $opcode } işlem kodunu (opcode) taşıyor.
    }
finding-client-frame-not-masked = İstemci maskesiz bir çerçeve gönderdi. İstemcinin her çerçevesi maskelenmelidir (masking).
finding-server-frame-masked = Sunucu maskeli bir çerçeve gönderdi. Sunucunun çerçeveleri maskelenmemelidir (masking).
finding-masking-key-zero =
    { $side ->
        [server] Sunucunun maskeleme anahtarı (masking key) 00 00 00 00; yük olduğu gibi gidiyor. Anahtarın rastgele olması beklenir.
       *[client] İstemcinin maskeleme anahtarı (masking key) 00 00 00 00; yük olduğu gibi gidiyor. Anahtarın her çerçeve için rastgele olması beklenir.
    }
finding-masking-key-repeated =
    { $side ->
        [client] İstemci art arda iki çerçevede aynı maskeleme anahtarını (masking key) kullandı. Anahtarın her çerçeve için rastgele olması beklenir.
        [server] Sunucu art arda iki çerçevede aynı maskeleme anahtarını (masking key) kullandı; oysa sunucu hiç maskelememelidir.
       *[unknown] Art arda iki çerçevede aynı maskeleme anahtarı (masking key) kullanıldı. Anahtarın her çerçeve için rastgele olması beklenir.
    }
finding-length-not-minimal =
    { $side ->
        [client] İstemci { $length } uzunluğunu gerekenden uzun bir biçimde yazdı. Yalnızca en kısa biçime izin vardır.
        [server] Sunucu { $length } uzunluğunu gerekenden uzun bir biçimde yazdı. Yalnızca en kısa biçime izin vardır.
       *[unknown] { $length } uzunluğu gerekenden uzun bir biçimde yazılmış. Yalnızca en kısa biçime izin vardır.
    }
finding-length-top-bit-set =
    { $side ->
        [client] İstemci, en yüksek biti kurulu 64 bitlik bir uzunluk yazdı. O bit 0 olmalıdır.
        [server] Sunucu, en yüksek biti kurulu 64 bitlik bir uzunluk yazdı. O bit 0 olmalıdır.
       *[unknown] 64 bitlik bir uzunluğun en yüksek biti kurulu. O bit 0 olmalıdır.
    }
finding-control-frame-fragmented =
    { $side ->
        [client] İstemci, FIN'i olmayan bir denetim çerçevesi (control frame) gönderdi. Close, Ping ve Pong parçalanamaz.
        [server] Sunucu, FIN'i olmayan bir denetim çerçevesi (control frame) gönderdi. Close, Ping ve Pong parçalanamaz.
       *[unknown] Bir denetim çerçevesinin (control frame) FIN'i yok. Close, Ping ve Pong parçalanamaz.
    }
finding-control-frame-too-long =
    { $side ->
        [client] İstemci, yükü { $length } bayt olan bir denetim çerçevesi (control frame) gönderdi. En çok 125 bayta izin vardır.
        [server] Sunucu, yükü { $length } bayt olan bir denetim çerçevesi (control frame) gönderdi. En çok 125 bayta izin vardır.
       *[unknown] Bir denetim çerçevesinin (control frame) yükü { $length } bayt. En çok 125 bayta izin vardır.
    }
finding-continuation-without-start =
    { $side ->
        [client] İstemci bir devam çerçevesi (continuation) gönderdi, ama devam edecek bir mesaj yok.
        [server] Sunucu bir devam çerçevesi (continuation) gönderdi, ama devam edecek bir mesaj yok.
       *[unknown] Bir devam çerçevesinin (continuation) devam edeceği mesaj yok.
    }
finding-data-frame-inside-message =
    { $side ->
        [client] İstemci, son mesajı bitmeden yeni bir mesaja başladı. Parçaların (fragment) arasına yalnızca denetim çerçeveleri girebilir.
        [server] Sunucu, son mesajı bitmeden yeni bir mesaja başladı. Parçaların (fragment) arasına yalnızca denetim çerçeveleri girebilir.
       *[unknown] Son mesaj bitmeden yeni bir mesaj başlıyor. Parçaların (fragment) arasına yalnızca denetim çerçeveleri girebilir.
    }
finding-text-not-utf8 =
    { $side ->
        [client] İstemci, UTF-8 olmayan bir metin mesajı gönderdi; ilk yanlış bayt { $at } konumunda.
        [server] Sunucu, UTF-8 olmayan bir metin mesajı gönderdi; ilk yanlış bayt { $at } konumunda.
       *[unknown] Bir metin mesajı UTF-8 değil; ilk yanlış bayt { $at } konumunda.
    }
finding-compressed-data-invalid =
    { $side ->
        [client] İstemcinin sıkıştırılmış mesajı açılamıyor: { $at }. bayttan sonrası deflate verisi değil ya da anlaşılandan daha geriye başvuruyor.
        [server] Sunucunun sıkıştırılmış mesajı açılamıyor: { $at }. bayttan sonrası deflate verisi değil ya da anlaşılandan daha geriye başvuruyor.
       *[unknown] Sıkıştırılmış bir mesaj açılamıyor: { $at }. bayttan sonrası deflate verisi değil ya da anlaşılandan daha geriye başvuruyor.
    }
finding-compressed-data-incomplete =
    { $side ->
        [client] İstemcinin sıkıştırılmış mesajı bir deflate bloğunun içinde bitiyor; yani sonu eksik.
        [server] Sunucunun sıkıştırılmış mesajı bir deflate bloğunun içinde bitiyor; yani sonu eksik.
       *[unknown] Sıkıştırılmış bir mesaj bir deflate bloğunun içinde bitiyor; yani sonu eksik.
    }
finding-inflates-beyond-limit =
    { $side ->
        [client] İstemcinin mesajı açılınca burada konan { $limit } baytlık sınırı aşıyor; gerisi açılmadı.
        [server] Sunucunun mesajı açılınca burada konan { $limit } baytlık sınırı aşıyor; gerisi açılmadı.
       *[unknown] Bir mesaj açılınca burada konan { $limit } baytlık sınırı aşıyor; gerisi açılmadı.
    }
finding-compression-context-lost =
    { $side ->
        [client] İstemcinin bu mesajı, açılamayan daha önceki bir mesaja başvuruyor olabilir; bu yüzden gönderildiği gibi gösteriliyor.
        [server] Sunucunun bu mesajı, açılamayan daha önceki bir mesaja başvuruyor olabilir; bu yüzden gönderildiği gibi gösteriliyor.
       *[unknown] Bu mesaj, açılamayan daha önceki bir mesaja başvuruyor olabilir; bu yüzden gönderildiği gibi gösteriliyor.
    }
finding-compression-context-unknown =
    { $side ->
        [client] İstemcinin bu mesajı, kaydedilmemiş daha önceki mesajlara başvuruyor; bu yüzden gönderildiği gibi gösteriliyor.
        [server] Sunucunun bu mesajı, kaydedilmemiş daha önceki mesajlara başvuruyor; bu yüzden gönderildiği gibi gösteriliyor.
       *[unknown] Bu mesaj, kaydedilmemiş daha önceki mesajlara başvuruyor; bu yüzden gönderildiği gibi gösteriliyor.
    }
finding-bytes-missing =
    { $side ->
        [client] İstemcinin bu çerçevesinin
        [server] Sunucunun bu çerçevesinin
       *[unknown] Bu çerçevenin
    }{ $length ->
        [one] {" "}1 baytı
       *[other] {" "}{ $length } baytı
    } geçti ve kaydedilmedi: ne taşıdığı bilinmiyor, yargılanmıyor da.
finding-frames-missing =
    { $side ->
        [client] İstemcinin
        [server] Sunucunun
       *[unknown] Bir tarafın
    }{ $length ->
        [unknown] {" "}kaç olduğu bilinmeyen baytı
        [one] {" "}1 baytı
       *[other] {" "}{ $length } baytı
    } geçti ve kaydedilmedi; bunların arasında çerçeveler başlamış olabilir. { $next ->
        [at-once] Sonraki çerçeve hemen ardından başlıyor.
        [unknown] Sonraki çerçevenin nerede başladığı, ardından gelenlerden anlaşılamıyor.
        [one] Ardındaki bayt okunamıyor; sonraki çerçeve ondan sonra başlıyor.
       *[other] Ardındaki { $next } bayt okunamıyor; sonraki çerçeve ondan sonra başlıyor.
    }
finding-close-of-one-byte =
    { $side ->
        [client] İstemci, yükü tek bayt olan bir Close gönderdi. Bir kod iki bayt ister; boş bir Close'da hiç yoktur.
        [server] Sunucu, yükü tek bayt olan bir Close gönderdi. Bir kod iki bayt ister; boş bir Close'da hiç yoktur.
       *[unknown] Bir Close'un yükü tek bayt. Bir kod iki bayt ister; boş bir Close'da hiç yoktur.
    }
finding-close-code-not-allowed =
    { $side ->
        [client] İstemci, kapanış çerçevesinde bulunmaması gereken { $code } kodunu taşıyan bir Close gönderdi.
        [server] Sunucu, kapanış çerçevesinde bulunmaması gereken { $code } kodunu taşıyan bir Close gönderdi.
       *[unknown] Bir Close, kapanış çerçevesinde bulunmaması gereken { $code } kodunu taşıyor.
    }
    { $code ->
        [1005] 1005 boş bir Close demektir ve yalnızca okumak içindir.
        [1006] 1006 gelmemiş bir Close demektir ve yalnızca okumak içindir.
        [1015] 1015 başarısız bir TLS el sıkışması demektir ve yalnızca okumak içindir.
       *[other] Kayıtlı bir kod değildir, 3000 - 4999 aralığında da değildir.
    }
finding-close-reason-not-utf8 =
    { $side ->
        [client] İstemcinin Close'undaki gerekçe (reason) UTF-8 değil; ilk yanlış bayt gerekçenin { $at } konumunda.
        [server] Sunucunun Close'undaki gerekçe (reason) UTF-8 değil; ilk yanlış bayt gerekçenin { $at } konumunda.
       *[unknown] Bir Close'daki gerekçe (reason) UTF-8 değil; ilk yanlış bayt gerekçenin { $at } konumunda.
    }
finding-close-reply-changes-code =
    { $side ->
        [client] İstemcinin Close'u ikinci geldi ve { $sent ->
                [none] kod taşımıyor
               *[other] { $sent } taşıyor
            }; sunucununki { $received ->
                [none] kod taşımıyordu
               *[other] { $received } taşıyordu
            }.
        [server] Sunucunun Close'u ikinci geldi ve { $sent ->
                [none] kod taşımıyor
               *[other] { $sent } taşıyor
            }; istemcininki { $received ->
                [none] kod taşımıyordu
               *[other] { $received } taşıyordu
            }.
       *[unknown] İkinci Close { $sent ->
                [none] kod taşımıyor
               *[other] { $sent } taşıyor
            }; ilki { $received ->
                [none] kod taşımıyordu
               *[other] { $received } taşıyordu
            }.
    } Yanıt normalde kodu yineler; bu yüzden iki taraf farklı kodlar bildirecek. İkisi de doğrudur.
finding-frame-after-close =
    { $side ->
        [client] İstemci, kendi Close'undan sonra bir çerçeve gönderdi. Bir Close'un ardından hiçbir şey gelemez.
        [server] Sunucu, kendi Close'undan sonra bir çerçeve gönderdi. Bir Close'un ardından hiçbir şey gelemez.
       *[unknown] Aynı taraf, Close'undan sonra bir çerçeve gönderdi. Bir Close'un ardından hiçbir şey gelemez.
    }
finding-ended-inside-frame =
    { $side ->
        [client] İstemcinin baytları bir çerçevenin ortasında bitiyor.
        [server] Sunucunun baytları bir çerçevenin ortasında bitiyor.
       *[unknown] Baytlar bir çerçevenin ortasında bitiyor.
    }
finding-ended-inside-message =
    { $side ->
        [client] Bağlantı, istemcinin son mesajı tamamlanmadan bitti: son parçası (fragment) eksik.
        [server] Bağlantı, sunucunun son mesajı tamamlanmadan bitti: son parçası (fragment) eksik.
       *[unknown] Bağlantı, son mesaj tamamlanmadan bitti: son parçası (fragment) eksik.
    }
finding-pong-without-ping =
    { $side ->
        [client] İstemci, sunucunun hiçbir Ping'ini yinelemeyen bir Pong gönderdi. Buna izin vardır; bazı programlar bunu yaşam belirtisi olarak kullanır.
        [server] Sunucu, istemcinin hiçbir Ping'ini yinelemeyen bir Pong gönderdi. Buna izin vardır; bazı programlar bunu yaşam belirtisi olarak kullanır.
       *[unknown] Bir Pong, öteki tarafın hiçbir Ping'ini yinelemiyor. Buna izin vardır; bazı programlar bunu yaşam belirtisi olarak kullanır.
    }
finding-pong-matches-no-ping =
    { $side ->
        [client] İstemci, yükü sunucunun yanıtlanmamış Ping'lerinden hiçbirininkine uymayan bir Pong gönderdi. Yanıt, Ping'inin yükünü yineler.
        [server] Sunucu, yükü istemcinin yanıtlanmamış Ping'lerinden hiçbirininkine uymayan bir Pong gönderdi. Yanıt, Ping'inin yükünü yineler.
       *[unknown] Bir Pong'un yükü, yanıtlanmamış Ping'lerden hiçbirininkine uymuyor. Yanıt, Ping'inin yükünü yineler.
    }
finding-ping-not-answered =
    { $side ->
        [client] Bağlantı bittiğinde istemci bu Ping'i henüz bir Pong ile yanıtlamamıştı.
        [server] Bağlantı bittiğinde sunucu bu Ping'i henüz bir Pong ile yanıtlamamıştı.
       *[unknown] Bağlantı bittiğinde bu Ping henüz bir Pong ile yanıtlanmamıştı.
    }
finding-ended-without-close = Bağlantı bitti ve iki taraf da Close göndermemişti. İki taraf da 1006 bildirir.
finding-close-not-answered =
    { $side ->
        [client] İstemciye bir Close gönderildi, bağlantı bitene kadar istemciden Close gelmedi. Sunucu 1006 bildirir.
        [server] Sunucuya bir Close gönderildi, bağlantı bitene kadar sunucudan Close gelmedi. İstemci 1006 bildirir.
       *[unknown] Bir Close gönderildi, bağlantı bitene kadar karşılığı gelmedi. Gönderen taraf 1006 bildirir.
    }
finding-close-not-answered-in-time =
    { $side ->
        [client] İstemciye bir Close gönderildi, istemci sunucunun beklediği sürede yanıt vermedi. Sunucu 1006 bildirir.
        [server] Sunucuya bir Close gönderildi, sunucu istemcinin beklediği sürede yanıt vermedi. İstemci 1006 bildirir.
       *[unknown] Bir Close, gönderenin beklediği sürede yanıtlanmadı; gönderen 1006 bildirir.
    }
finding-client-ended-transport-first = Kapanış el sıkışmasından (closing handshake) sonra TCP'yi önce istemci bitirdi. Bu sunucunun işidir: TCP'yi önce bitiren taraf, bağlantının kapısını (port) bir süre meşgul tutar.

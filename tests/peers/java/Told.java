import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A client of the JDK that says what a program is told about each end of a session, and what its close call does. The arguments are the
 * address of tests/programs.rs and the cases; a line is printed for each case: what was told.
 */
final class Told {
    public static void main(String[] arguments) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        for (int index = 1; index < arguments.length; index++) {
            String name = arguments[index];
            System.out.println(name + ": " + run(client, arguments[0], name));
        }
        System.exit(0);
    }

    private static String run(HttpClient client, String address, String name) throws Exception {
        CompletableFuture<String> told = new CompletableFuture<>();
        WebSocket.Listener listener = new WebSocket.Listener() {
            @Override
            public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
                told.complete(String.valueOf(code));
                return null;
            }

            @Override
            public void onError(WebSocket socket, Throwable error) {
                told.complete("error");
            }
        };
        WebSocket socket = client.newWebSocketBuilder().buildAsync(URI.create(address + "/" + name), listener).join();
        socket.sendText("ready", true).join();
        try {
            switch (name) {
                case "close-1000" -> socket.sendClose(WebSocket.NORMAL_CLOSURE, "done").join();
                case "close-1005" -> socket.sendClose(1005, "").join();
                default -> { }
            }
        } catch (Exception refusal) {
            socket.abort();
            return "refused";
        }
        return told.get();
    }
}

// usage: java Listen.java URL [TEXT]: prints a stream's lines, or posts TEXT.
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

public class Listen {
    public static void main(String[] args) throws Exception {
        var out = new PrintStream(System.out, true, "UTF-8");
        var request = HttpRequest.newBuilder(URI.create(args[0]));
        if (args.length > 1) {
            var text = args[1].replace("\\", "\\\\").replace("\"", "\\\"")
                .replace("\t", "\\t");
            request.POST(BodyPublishers.ofString("{\"text\":\"" + text + "\"}"));
        }
        HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofLines())
            .body().forEach(out::println);
    }
}

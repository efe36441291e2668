using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Darkroom.EndToEnd.Asynchronous;
using Darkroom.EndToEnd.Clients;
using Darkroom.EndToEnd.Operation;
using Darkroom.EndToEnd.Pictures;
using Darkroom.EndToEnd.Requests;
using Darkroom.TestKit;
using Darkroom.TestKit.Exchanges;

namespace Darkroom.EndToEnd.Generators.Prism;

/// <summary>
/// Other tests are run once more with a proxy in front of each server that writes down what goes over the wire, and Prism holds all of it against the
/// document. It is handed the recording instead of standing between them, for it reads every body as text and waits for its end: it would break
/// pictures and hold back events, and the tests' clients would see another server than their users do.
/// </summary>
public sealed class PrismTests : IDisposable
{
    private static readonly Type[] Classes =
    [
        typeof(BadInputTests), typeof(FirstPictureTests), typeof(FiveTasksTests), typeof(SentPicturesTests), typeof(UpscaleTests),
        typeof(SurfacesTogetherTests), typeof(WithoutWaitingTests), typeof(PreviewTests), typeof(CancelTests), typeof(UsageTests),
        typeof(OpenAiNodeTests), typeof(OpenAiDotNetTests), typeof(AiSdkTests),
    ];

    // Addresses that are none of the document's: of other programs' protocols, and those that people and scrapers open.
    private static readonly string[] Elsewhere = ["/openapi/", "/sdapi/", "/metrics"];

    private const string EventType = "application/event+json", WasForm = "X-Was-Form";

    private readonly string folder = Directory.CreateTempSubdirectory("darkroom-exchanges-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task What_goes_over_the_wire_is_what_the_document_says()
    {
        Assert.SkipUnless(NodeRuntime.Has("@stoplight/prism-cli"), "The packages of tests/node are not installed: ./test restore");
        string file = Path.Combine(folder, "exchanges");
        await RunOthersAsync(file);
        await using var server = await RecordedServer.StartAsync();
        await using var prism = await PrismProxy.StartAsync(await DocumentAsync(), server.Address);

        var (mismatches, unchecked_, checked_) = (new ConcurrentBag<string>(), new ConcurrentBag<string>(), 0);
        var four = new ParallelOptions { MaxDegreeOfParallelism = 4 };
        await Parallel.ForEachAsync(Exchange.ReadAll(file).SelectMany(Parts), four, async (exchange, _) =>
        {
            if (await server.CheckAsync(prism.Client, exchange) is not { } violations) unchecked_.Add(Describe(exchange));
            else if (violations is [{ Message: Violation.NoRoute }])
            {
                if (exchange.Status is not (404 or 405) && !Elsewhere.Any(exchange.Path.StartsWith))
                    mismatches.Add($"{Describe(exchange)}: not in the document");
            }
            else
            {
                Interlocked.Increment(ref checked_);
                foreach (var violation in violations.Where(each => IsMismatch(exchange, each))) mismatches.Add($"{Describe(exchange)}: {violation}");
            }
        });
        var counted = mismatches.GroupBy(each => each).Select(each => $"{each.Count()} × {each.Key}").Order();
        Assert.True(mismatches.IsEmpty, string.Join(Environment.NewLine, counted));
        Assert.True(unchecked_.IsEmpty, "Prism did not send these on: " + string.Join(Environment.NewLine, unchecked_.Distinct()));
        Assert.InRange(checked_, 400, int.MaxValue);
    }

    /// <summary>What Prism finds in an answer always counts; in a request, where the server took it all the same.</summary>
    private static bool IsMismatch(Exchange exchange, Violation violation) =>
        violation.IsOfResponse || (exchange.Status < 400 && violation.Message != Violation.NeedlessKey && !exchange.Asked.ContainsKey(WasForm)
            && !violation.Message.EndsWith(Violation.NotPlainBase64, StringComparison.Ordinal));

    /// <summary>An exchange as Prism can read it.</summary>
    private static IEnumerable<Exchange> Parts(Exchange exchange)
    {
        // HEAD is not in the document: it is GET without a body. What is no JSON, or more than 10 MB, Prism refuses by itself, or never answers.
        bool isForm = exchange.BodyType == "multipart/form-data";
        if (exchange.Method == "HEAD" || (exchange.Status is 400 or 413 or 415 && !isForm)) return [];
        // A file whose name stands without quotes ends Prism: of a form's exchange only the answer is judged.
        if (isForm)
            exchange = exchange with
            {
                Asked = new(exchange.Asked, StringComparer.OrdinalIgnoreCase) { ["Content-Type"] = "application/json", [WasForm] = "yes" },
                Body = "{}"u8.ToArray(),
            };
        if (exchange.MediaType != "text/event-stream") return [exchange];
        // Events one by one, each as the JSON that its data are; where an address answers JSON too, Prism takes its schema for both.
        if (exchange.Path.StartsWith("/v1/images/", StringComparison.Ordinal)) return [];
        return Encoding.UTF8.GetString(exchange.Answer).Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal))
            .Select(line => exchange with
            {
                Told = new(exchange.Told, StringComparer.OrdinalIgnoreCase) { ["Content-Type"] = EventType }, Answer = Encoding.UTF8.GetBytes(line[6..]),
            });
    }

    private async Task<string> DocumentAsync()
    {
        await using var server = await StartedServer.StartAsync();
        var document = JsonNode.Parse(await server.Client.GetStringAsync("/openapi/v1.json"))!;
        var operations = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject());
        foreach (var answer in operations.SelectMany(each => each.Value!["responses"]!.AsObject()))
            if (answer.Value!["content"] is JsonObject content && content.Remove("text/event-stream", out var stream)) content[EventType] = stream;
        string file = Path.Combine(folder, "openapi.json");
        await File.WriteAllTextAsync(file, document.ToJsonString());
        return file;
    }

    private static async Task RunOthersAsync(string file)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["-noColor", "-noLogo", .. Classes.SelectMany(each => new[] { "-class", each.FullName! })]);
        start.Environment[RecordingProxy.Variable] = file;
        // By themselves they take two and a half minutes on two cores, and other tests run beside them.
        string output = await ChildProgram.OutputAsync(start, TimeSpan.FromMinutes(10));
        Assert.Contains("Failed: 0", output);
    }

    private static string Describe(Exchange exchange) =>
        $"{exchange.Method} {exchange.Path.Split('?')[0]} {exchange.BodyType} → {exchange.Status} {exchange.MediaType}";
}

using System.Text.Json;
using Darkroom.EndToEnd.Clients;
using Darkroom.Imaging;

namespace Darkroom.EndToEnd.Generators;

/// <summary>What a program on a generated client must have printed, whatever generator and language: see <c>tests/node/clients/report.ts</c>.</summary>
internal static class GeneratedClient
{
    public static async Task CheckAsync(ClientServer server, JsonElement gave)
    {
        string made = Assert.Single(await server.NativeAsync("txt2img", Wanted()));
        var edit = Wanted();
        (edit["strength"], edit["width"], edit["height"]) = (0.6, null, null);
        string edited = Assert.Single(await server.NativeAsync("img2img", edit));

        var one = gave.GetProperty("made");
        Assert.Equal(("txt2img", "succeeded", "starter", 4, "euler_ancestral"),
            (one.Text("task"), one.Text("status"), one.Text("model"), one.Number("steps"), one.Text("sampler")));
        PictureIs(made, one.GetProperty("picture"));

        var uploaded = gave.GetProperty("uploaded");
        Assert.Equal(("img2img", 0.6), (uploaded.Text("task"), uploaded.GetProperty("strength").GetDouble()));
        PictureIs(edited, uploaded.GetProperty("picture"));

        var background = gave.GetProperty("background");
        Assert.Equal((202, "respond-async", "succeeded"), (background.Number("status"), background.Text("applied"), background.Text("end")));
        Assert.Matches("^/v1/jobs/[0-9a-f]{32}$", background.Text("location"));
        Assert.InRange(background.Number("polls"), 1, 1000);
        FileIs(made, background.Text("picture"));

        EventsAre(made, gave.GetProperty("events"));
        Assert.Equal("cancelled", gave.GetProperty("cancelled").Text("end"));

        var repeated = gave.GetProperty("repeated");
        Assert.Matches("^[0-9a-f]{32}$", repeated.Text("first"));
        Assert.Equal((repeated.Text("first"), "true", "/problems/idempotency_key_reused"),
            (repeated.Text("second"), repeated.Text("replayed"), repeated.Text("other")));

        var fault = gave.GetProperty("fault");
        Assert.Equal((422, "/problems/invalid_request"), (fault.Number("status"), fault.Text("type")));
        Assert.Matches("^[0-9a-f]{32}$", fault.Text("requestId"));
        Assert.Equal([("steps", "1…150", 151.0), ("guidance_scale", "0…30", -1.0)], fault.GetProperty("faults").EnumerateArray()
            .Select(each => (each.Text("field")!, each.Text("limit")!, each.GetProperty("value").GetDouble())));

        var missing = gave.GetProperty("missing");
        Assert.Equal((404, "/problems/job_not_found"), (missing.Number("status"), missing.Text("type")));

        var binary = gave.GetProperty("binary");
        Assert.Equal(("image/png", "7"), (binary.Text("type"), binary.Text("seed")));
        Assert.Matches("^[0-9a-f]{32}$", binary.Text("job"));
        FileIs(made, binary.Text("data"));
    }

    /// <summary>The queue and the start come before all, the end after all; of what is between, a slow reader may miss some.</summary>
    private static void EventsAre(string made, JsonElement events)
    {
        string[] names = events.Texts("names");
        Assert.Equal(("queued", "started", "succeeded"), (names[0], names[1], names[^1]));
        Assert.All(names[2..^1], name => Assert.Contains(name, (string[])["progress", "preview"]));
        Assert.Contains("progress", names);
        int[] steps = [.. events.GetProperty("steps").EnumerateArray().Select(step => step.GetInt32())];
        Assert.Equal(names.Count(name => name == "progress"), steps.Length);
        Assert.Equal(steps.Distinct().Order(), steps);
        Assert.All(steps, step => Assert.InRange(step, 0, 4));
        Assert.Equal(("succeeded", made), (events.Text("end"), events.Text("sha256")));
    }

    private static void PictureIs(string sha256, JsonElement picture)
    {
        Assert.Equal((64, 64, "png", 7, sha256),
            (picture.Number("width"), picture.Number("height"), picture.Text("format"), picture.Number("seed"), picture.Text("sha256")));
        FileIs(sha256, picture.Text("data"));
    }

    private static void FileIs(string sha256, string? base64)
    {
        byte[] file = Convert.FromBase64String(base64!);
        Assert.Equal(sha256, ClientServer.Sha(file));
        var decoded = PictureDecoder.Decode(file);
        Assert.Equal((64, 64), (decoded.Width, decoded.Height));
    }

    private static int Number(this JsonElement json, string name) => json.GetProperty(name).GetInt32();

    private static Dictionary<string, object?> Wanted() => new()
    {
        ["prompt"] = "red apple", ["width"] = 64, ["height"] = 64, ["seed"] = 7, ["steps"] = 4, ["sampler"] = "euler_ancestral", ["upscale"] = null,
    };
}

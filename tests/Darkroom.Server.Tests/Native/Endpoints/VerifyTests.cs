using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Darkroom.Imaging;
using Darkroom.Imaging.Decoding;
using Darkroom.Imaging.Metadata;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Native.Endpoints;

/// <summary>Pictures of the real server, as they are and changed. <c>RoundTripTests</c> verifies those of every kind of request.</summary>
public sealed class VerifyTests(VerifyTests.Started started) : IClassFixture<VerifyTests.Started>
{
    private const string Apple = "\"prompt\":\"red apple, 3d render\",\"seed\":7,\"steps\":4,\"upscale\":null";
    private const int Values = 64 * 64 * 3;

    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    private readonly HttpClient client = started.Server.Client;

    public sealed class Started : IAsyncLifetime
    {
        internal RealServer Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Server = await RealServer.StartAsync();

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }

    [Theory]
    [InlineData("png")]
    [InlineData("jpeg")]
    [InlineData("webp")]
    public async Task A_picture_is_the_same_when_it_is_made_again(string format)
    {
        byte[] file = await MakeAsync($$"""{{{Apple}},"format":"{{format}}","quality":40}""");
        var found = await VerifyAsync(file);
        Assert.Equal((true, 1, 0, "starter", true), Told(found));
        Assert.Empty(found["warnings"]!.AsArray());
        Assert.Equal((64, 64, format, 7L), ((int)found["image"]!["width"]!, (int)found["image"]!["height"]!, (string?)found["image"]!["format"],
            (long)found["image"]!["seed"]!));
        byte[] again = await client.GetByteArrayAsync((string)found["image"]!["url"]!, Cancellation);
        Assert.Equal(file, again);
    }

    [Fact]
    public async Task Every_picture_of_a_request_is_verified_by_itself_and_among_others()
    {
        byte[][] files = await ManyAsync($$"""{"count":3,{{Apple}},"variation_seed":4,"variation_strength":0.3}""");
        var others = ManyAsync("""{"prompt":"fox","seed":3,"steps":20,"count":4,"sampler":"euler_ancestral","upscale":null}""");
        var found = await Task.WhenAll(files.Select(file => VerifyAsync(file)));
        Assert.All(found, one => Assert.Equal((true, 1, 0, "starter", true), Told(one)));
        Assert.Equal(4, (await others).Length);
    }

    [Fact]
    public async Task One_changed_value_is_found_and_what_it_changed_by()
    {
        byte[] file = await MakeAsync($$"""{{{Apple}}}""");
        var found = await VerifyAsync(Changed(file, picture => picture.Pixels[100] ^= 4));
        Assert.Equal((false, Math.Floor(1e6 * (Values - 1) / Values) / 1e6, 4, "starter", true), Told(found));
    }

    [Fact]
    public async Task A_picture_that_is_not_what_its_file_says_is_found_out()
    {
        byte[] file = await MakeAsync($$"""{{{Apple}}}""");
        var (same, share, largest, _, hash) = Told(await VerifyAsync(Changed(file, text: static text => text.Replace("Seed: 7", "Seed: 8"))));
        Assert.False(same);
        Assert.InRange(share, 0, 0.9);
        Assert.InRange(largest!.Value, 20, 255);
        Assert.True(hash);

        // Cut, it is another size than what its file says.
        var cut = Told(await VerifyAsync(Changed(file, change: null, cut: picture => picture.Crop(new(0, 0, 64, 48)))));
        Assert.Equal((false, 0, null, "starter", true), cut);
    }

    [Fact]
    public async Task Files_of_a_model_that_have_changed_are_told()
    {
        byte[] file = await MakeAsync($$"""{{{Apple}}}""");
        string hash = Field(file, "Model hash");
        var found = await VerifyAsync(Changed(file, text: text => text.Replace(hash, "0123456789")));
        Assert.Equal((true, 1, 0, "starter", false), Told(found));
        Assert.Equal("model: 'starter' has other contents than the one that made the picture [0123456789]",
            (string?)Assert.Single(found["warnings"]!.AsArray()));

        found = await VerifyAsync(Changed(file, text: text => text.Replace($"Model hash: {hash}, ", "").Replace("Version: Darkroom", "Version: v1.10.1")));
        Assert.Null(found["model_hash_matches"]);
        Assert.StartsWith("a1111 made it: ", (string?)found["warnings"]![0]);
    }

    [Fact]
    public async Task A_precision_that_is_another_now_is_told()
    {
        byte[] file = await MakeAsync($$"""{{{Apple}}}""");
        var found = await VerifyAsync(Changed(file, text: static text => text.Replace("Version: ", "Precision: int8, Version: ")));
        Assert.Equal("it was made in int8, and the model computes in floating point now", (string?)Assert.Single(found["warnings"]!.AsArray()));
    }

    [Fact]
    public async Task What_cannot_be_made_again_is_refused_with_everything_that_is_missing()
    {
        byte[] apple = await MakeAsync($$"""{{{Apple}}}""");
        Assert.Equal(["The file does not say how the picture was made."], await FaultsAsync(Changed(apple, text: static _ => "")));

        byte[] painted = await MakeAsync(new TaskBody("inpaint").With("image", apple).With("mask", apple).With("prompt", "x").With("steps", 2));
        Assert.Equal(
            ["It cannot be made again here. image: the picture that this one was made from is not in the file.",
                "It cannot be made again here. mask: it is not in the file."],
            await FaultsAsync(painted));

        string missing = Assert.Single(await FaultsAsync(Changed(apple, text: static text => System.Text.RegularExpressions.Regex.Replace(
            text, "Model hash: \\w+, Model: starter", "Model hash: 0123456789, Model: elsewhere"))));
        Assert.Equal("It cannot be made again here. model: 'elsewhere' [0123456789] is not on this server.", missing);

        string[] wrong = await FaultsAsync(Changed(apple, text: static text => text.Replace("Steps: 4", "Steps: 400").Replace("CFG scale: ", "CFG scale: 99")));
        Assert.Equal(2, wrong.Length);
        Assert.All(wrong, one => Assert.StartsWith("What its file says cannot be asked for here. ", one));
        Assert.Contains(wrong, one => one.Contains("steps must be 1…150"));
    }

    [Fact]
    public async Task A_body_that_is_wrong_is_told_as_everywhere()
    {
        using var empty = await SendAsync("{}");
        Assert.Equal("image is required.", (string?)(await empty.ProblemAsync(422, "invalid_request"))["errors"]![0]!["message"]);
        using var none = await SendAsync("""{"image":"AAAA"}""");
        await none.ProblemAsync(400, "invalid_picture");
        byte[] file = await MakeAsync($$"""{{{Apple}}}""");
        using var late = await SendAsync($$"""{"image":"{{Convert.ToBase64String(file)}}","deadline":-1,"priority":"soon","steps":3}""");
        var problem = await late.ProblemAsync(422, "invalid_request");
        Assert.Equal(["deadline", "priority", "steps"], problem["errors"]!.AsArray().Select(one => (string?)one!["field"]).Order());
    }

    [Fact]
    public async Task It_is_a_job_that_can_be_followed_cancelled_and_asked_for_again()
    {
        byte[] file = await MakeAsync($$"""{{{Apple}}}""");
        string body = $$"""{"image":"{{Convert.ToBase64String(file)}}","priority":"high"}""";
        using var first = await SendAsync(body, ("Prefer", "respond-async"), ("Idempotency-Key", "once"));
        Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);
        string job = first.Headers.Location!.ToString();
        Assert.Contains("event: succeeded", await client.GetStringAsync(job + "/events", Cancellation));
        var ended = JsonNode.Parse(await client.GetStringAsync(job, Cancellation))!;
        Assert.Equal(("txt2img", "succeeded", "high"), ((string?)ended["task"], (string?)ended["status"], (string?)ended["parameters"]!["priority"]));
        Assert.Equal((true, 1, 0, true), ((bool)ended["images"]![0]!["comparison"]!["same"]!, (double)ended["images"]![0]!["comparison"]!["equal_values"]!,
            (int)ended["images"]![0]!["comparison"]!["largest_difference"]!, (bool)ended["images"]![0]!["comparison"]!["model_hash_matches"]!));

        using var again = await SendAsync(body, ("Idempotency-Key", "once"));
        Assert.Equal(("true", job[^32..]), (again.Headers.GetValues("Idempotent-Replayed").Single(), (string?)(await again.JsonAsync())["id"]));
        using var other = await SendAsync(body.Replace("high", "low"), ("Idempotency-Key", "once"));
        await other.ProblemAsync(422, "idempotency_key_reused");

        // A picture that is made for itself has no comparison.
        var plain = JsonNode.Parse(await client.GetStringAsync("/v1/jobs?limit=50", Cancellation))!["data"]!.AsArray();
        Assert.Contains(plain, one => one!["images"]!.AsArray() is [{ } image] && image["comparison"] is null);

        using var slow = await SendAsync(
            $$"""{"image":"{{Convert.ToBase64String(Changed(file, text: static text => text.Replace("Steps: 4", "Steps: 150")))}}"}""",
            ("Prefer", "respond-async"));
        using var cancelled = await client.DeleteAsync(slow.Headers.Location, Cancellation);
        Assert.Equal("cancelled", (string?)(await cancelled.JsonAsync())["status"]);
    }

    private static (bool Same, double Share, int? Largest, string? Model, bool? Hash) Told(JsonNode found) =>
        ((bool)found["same"]!, (double)found["equal_values"]!, (int?)found["largest_difference"], (string?)found["model"], (bool?)found["model_hash_matches"]);

    private static string Field(byte[] file, string name) => PictureMetadata.Read(file).Parameters.Fields[name];

    /// <summary>The same PNG with other pixels or another text.</summary>
    private static byte[] Changed(
        byte[] file, Action<Picture>? change = null, Func<string, string>? text = null, Func<Picture, Picture>? cut = null)
    {
        Assert.True(PictureDecoder.TryDecode(file, PictureLimits.Default, out var picture, out _));
        change?.Invoke(picture);
        if (cut is not null) picture = cut(picture);
        string info = PictureMetadata.Read(file).Info;
        if (text is not null) info = text(info);
        return PictureEncoder.Encode(picture, PictureFormat.Png, 90, info.Length == 0 ? null : info);
    }

    private async Task<byte[]> MakeAsync(string request) => Assert.Single(await ManyAsync(request));

    private async Task<byte[]> MakeAsync(TaskBody body)
    {
        using var answer = await client.PostAsync("/v1/inpaint", body.Form(), Cancellation);
        return Convert.FromBase64String((string)(await answer.JsonAsync())["images"]![0]!["data"]!);
    }

    private async Task<byte[][]> ManyAsync(string request)
    {
        using var answer = await client.PostAsync("/v1/txt2img", new StringContent(request, Encoding.UTF8, "application/json"), Cancellation);
        var json = await answer.JsonAsync();
        Assert.True(answer.IsSuccessStatusCode, json.ToJsonString());
        return [.. json["images"]!.AsArray().Select(image => Convert.FromBase64String((string)image!["data"]!))];
    }

    private async Task<JsonObject> VerifyAsync(byte[] file)
    {
        using var answer = await SendAsync($$"""{"image":"{{Convert.ToBase64String(file)}}"}""");
        var json = await answer.JsonAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, json.ToJsonString());
        return json;
    }

    private async Task<string[]> FaultsAsync(byte[] file)
    {
        using var answer = await SendAsync($$"""{"image":"{{Convert.ToBase64String(file)}}"}""");
        var faults = (await answer.ProblemAsync(422, "invalid_request"))["errors"]!.AsArray();
        Assert.All(faults, fault => Assert.Equal("image", (string?)fault!["field"]));
        return [.. faults.Select(fault => (string)fault!["message"]!)];
    }

    private Task<HttpResponseMessage> SendAsync(string body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/verify") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        return client.SendAsync(request, Cancellation);
    }
}

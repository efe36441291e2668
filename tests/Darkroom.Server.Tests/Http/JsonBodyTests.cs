using System.Text.Json;
using System.Text;
using Darkroom.Models.Fields;
using Darkroom.Server.Http;
using Darkroom.Server.Problems;
using Darkroom.Server.Tests.Scripted;
using Darkroom.TestKit;

namespace Darkroom.Server.Tests.Http;

/// <summary>Long pictures of a JSON body lie beside its document, and nothing of their size is made to read them.</summary>
public sealed class JsonBodyTests
{
    private static readonly string Long = new('A', 20_000);

    [Fact]
    public void Long_pictures_stay_out_of_the_document_and_everything_else_is_in_it()
    {
        var parts = Read($$"""
            { "prompt": "a \"fox\"", "image": "{{Long}}", "steps": [1, {"image": "{{Long}}"}] ,
              "im\u0061ge": "{{Long}}B", "mask": "short", "webhook": "{{Long}}" }
            """);
        Assert.Equal([("image", 20_000), ("image", 20_001)], parts.Pictures.Select(picture => (picture.Name, picture.Bytes.Length)));
        var root = parts.Document.RootElement;
        Assert.Equal(["prompt", "steps", "mask", "webhook"], root.EnumerateObject().Select(property => property.Name));
        Assert.Equal("a \"fox\"", root.GetProperty("prompt").GetString());
        Assert.Equal(Long, root.GetProperty("steps")[1].GetProperty("image").GetString());
    }

    [Fact]
    public void Object_may_be_of_nothing_but_a_picture() =>
        Assert.Equal(JsonValueKind.Object, Read($$"""{"image":"{{Long}}"}""").Document.RootElement.ValueKind);

    [Theory]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("\"a\"")]
    public void What_is_no_object_is_read_as_what_it_is(string value) =>
        Assert.Equal(value, Read(value + new string(' ', 20_000)).Document.RootElement.GetRawText());

    [Theory]
    [InlineData("{\"prompt\":\"", "\"}")]
    [InlineData("[\"", "\"]")]
    [InlineData("\"", "\"")]
    [InlineData("{\"image\":[\"", "\"]}")]
    public void Values_beside_pictures_are_as_short_as_a_body_without_any(string before, string after) => Assert.Equal(
        (ProblemType.TooLarge, "Beside its pictures the body may have 256 KiB."), Refused(before + new string('A', 300_000) + after));

    [Theory]
    [InlineData("")]
    [InlineData(",}")]
    [InlineData("}}")]
    [InlineData("\n,\n\"image\":\"\u0001\"}")]
    public void Faults_name_their_place_in_the_whole_body(string end)
    {
        var json = $"{{\"image\":\"{Long}\"{end}";
        var fault = Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(json));
        Assert.Equal(
            (ProblemType.InvalidJson,
                $"The body is not JSON, or nested deeper than 32: line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}."), Refused(json));
    }

    [Fact]
    public void Document_of_forty_megabytes_of_picture_takes_none()
    {
        var bytes = new byte[40_000_000];
        Array.Fill(bytes, (byte)'A');
        "{\"image\":\""u8.CopyTo(bytes);
        "\",\"steps\":1}"u8.CopyTo(bytes.AsSpan(bytes.Length - 12));
        JsonBody? body = null;
        Assert.InRange(Allocation.Of(() => (body, _) = JsonBody.Parse(bytes, static name => name == "image")), 0, 20_000);
        Assert.Equal(1, body!.Document.RootElement.GetProperty("steps").GetInt32());
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("\\u0061\\/\\u002B+\\n\\r\\t\\b\\f\\\"\\\\")]
    [InlineData("\\u00e9")]
    public void Escapes_are_undone_in_place_as_elsewhere(string raw)
    {
        var bytes = Encoding.UTF8.GetBytes(raw);
        var expected = JsonText.Unescape(bytes).Replace('é', (char)0x7F);
        Assert.Equal(expected, Encoding.UTF8.GetString(bytes.AsSpan(0, JsonText.UnescapeAscii(bytes))));
    }

    [Fact]
    public async Task Long_picture_is_the_same_in_every_spelling()
    {
        await using var server = await RunningServer.StartAsync();
        var text = Convert.ToBase64String(TestPictures.Of(64, 128, parameters: "a fox" + new string('+', 40_000) + "\nSteps: 20"));
        (string Spelling, string Text)[] spellings =
        [
            ("plain", text), ("slashes", text.Replace("/", "\\/", StringComparison.Ordinal)), ("plus", text.Replace("+", "\\u002B", StringComparison.Ordinal)),
            ("url", text.Replace('+', '-').Replace('/', '_').TrimEnd('=')), ("data", "data:image\\/png;base64," + text),
            ("lines", string.Join("\\n", text.Chunk(76).Select(line => new string(line)))),
        ];
        foreach (var (spelling, written) in spellings)
        {
            using var answer = await server.PostAsync($$"""{"image":"{{written}}"}""", path: "/v1/png-info");
            Assert.Equal((spelling, 200), (spelling, (int)answer.StatusCode));
            Assert.Contains("a fox+++", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
        var form = new MultipartFormDataContent { { new StringContent(text), "image" } };
        using var sent = await server.Client.PostAsync("/v1/png-info", form, TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)sent.StatusCode);
        using var twice = await server.PostAsync($$"""{"image":"{{text}}","image":"{{text}}"}""", path: "/v1/png-info");
        Assert.Equal(422, (int)twice.StatusCode);
        Assert.Contains("given twice", await twice.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        using var wrong = await server.PostAsync($$"""{"image":"{{text[..^8]}}\u00e9AAA"}""", path: "/v1/png-info");
        Assert.Equal(400, (int)wrong.StatusCode);
        Assert.Contains("not valid base64", await wrong.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static JsonBody Read(string json)
    {
        var (body, problem) = JsonBody.Parse(Encoding.UTF8.GetBytes(json), static name => name is "image" or "mask");
        Assert.Null(problem);
        return body!;
    }

    private static (ProblemType Type, string Detail) Refused(string json)
    {
        var (body, problem) = JsonBody.Parse(Encoding.UTF8.GetBytes(json), static name => name is "image" or "mask");
        Assert.Null(body);
        return (problem!.Type, problem.Detail);
    }
}

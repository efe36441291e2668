using System.Text.Json;
using Darkroom.Imaging;

namespace Darkroom.EndToEnd.Pictures;

/// <summary>Where words of a prompt were drawn.</summary>
public sealed class ExplainTests(StarterServer server) : IClassFixture<StarterServer>
{
    private const string Request = """{ "prompt": "a (red:1.2) apple, canary", "seed": 5, "steps": 6, "upscale": null""";

    [Fact]
    public async Task Picture_is_the_one_without_and_every_word_has_a_map_and_a_share()
    {
        var plain = await server.Client.PostAsync(Request + "}");
        var explained = await server.Client.PostAsync(Request + """, "explain": true }""");
        Assert.Equal(plain.Pictures(), explained.Pictures());
        Assert.Empty(explained.Json.GetProperty("warnings").EnumerateArray());
        var words = explained.Json.GetProperty("images")[0].GetProperty("attributions").EnumerateArray().ToArray();
        Assert.Equal(["a", "red", "apple", "canary"], words.Select(word => word.GetProperty("word").GetString()));
        Assert.All(words, word => Assert.InRange(word.GetProperty("share").GetDouble(), 0.001, 1));
        // All words, and the comma, which is none.
        Assert.InRange(words.Sum(word => word.GetProperty("share").GetDouble()), 0.5, 1);
        Assert.Equal(["apple"], words[2].GetProperty("tokens").EnumerateArray().Select(token => token.GetString()));
        byte[][] maps = await Task.WhenAll(words.Select(word => server.Client.GetByteArrayAsync(word.GetProperty("url").GetString(), Cancel)));
        Assert.Equal(4, maps.Select(Convert.ToHexString).Distinct().Count());
        foreach (byte[] map in maps)
        {
            var drawn = PictureDecoder.Decode(map);
            Assert.Equal((64, 64, 3), (drawn.Width, drawn.Height, drawn.Channels));
        }
        Assert.False(plain.Json.GetProperty("images")[0].TryGetProperty("attributions", out _));

        // A job's maps go with its pictures.
        using var purge = await server.Client.DeleteAsync($"/v1/jobs/{explained.Json.GetProperty("id").GetString()}?purge=true", Cancel);
        using var gone = await server.Client.GetAsync(words[0].GetProperty("url").GetString(), Cancel);
        Assert.Equal(410, (int)gone.StatusCode);
    }

    [Fact]
    public async Task Shares_are_the_same_in_company_and_so_are_pictures_of_those_who_do_not_ask()
    {
        string[] bodies =
            [Request + """, "explain": ["red apple", "canary"] }""", Request + "}", Request + """, "explain": ["red apple", "canary"], "count": 2 }"""];
        var alone = await server.Client.PostAsync(bodies[0]);
        var together = await Task.WhenAll(bodies.Select(body => server.Client.PostAsync(body)));
        Assert.Equal(SharesOf(alone), SharesOf(together[0]));
        Assert.Equal(SharesOf(alone), SharesOf(together[2]));
        Assert.Single(together.Select(answer => answer.Pictures()[0]).Append(alone.Pictures()[0]).Distinct());

        static double[] SharesOf(Answer answer) =>
            [.. answer.Json.GetProperty("images")[0].GetProperty("attributions").EnumerateArray().Select(word => word.GetProperty("share").GetDouble())];
    }

    [Theory]
    [InlineData("""["pear"]""", "'pear' is not in the prompt, which has 'a', 'red', 'apple', 'canary'.")]
    [InlineData("""["apple red"]""", "'apple red' is not in the prompt, which has 'a', 'red', 'apple', 'canary'.")]
    [InlineData("[]", "explain must be true, false, or 1 to 32 words or phrases of the prompt, each of 1 to 100 characters.")]
    [InlineData("\"apple\"", "explain must be true, false or a list of words, not a string.")]
    public async Task Word_that_is_not_there_is_named(string words, string message)
    {
        var answer = await server.Client.PostAsync(Request + $$""", "explain": {{words}} }""");
        Assert.Equal(422, answer.Status);
        var error = answer.Json.GetProperty("errors")[0];
        Assert.Equal(("explain", message), (error.GetProperty("field").GetString(), error.GetProperty("message").GetString()));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}

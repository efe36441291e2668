using System.Text.Json;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Native.Answers;

/// <summary>Pictures go into an answer's JSON piece by piece, whatever their length.</summary>
public sealed class LargeAnswerTests
{
    [Theory]
    [InlineData(1, 100)]
    [InlineData(1, 48 * 1024)]
    [InlineData(3, (48 * 1024) + 1)]
    [InlineData(2, (96 * 1024) - 1)]
    [InlineData(4, 300_000)]
    public async Task Every_picture_is_whole_and_the_length_is_said_before(int count, int bytes)
    {
        await using var server = await RunningServer.StartAsync();
        server.Queue.PictureBytes = bytes;
        using var answer = await server.PostAsync($$"""{"prompt":"a","count":{{count}}}""");
        var body = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal(body.Length, answer.Content.Headers.ContentLength);
        using var json = JsonDocument.Parse(body);
        var images = json.RootElement.GetProperty("images").EnumerateArray().ToList();
        Assert.Equal(count, images.Count);
        foreach (var image in images)
        {
            var held = await server.Client.GetByteArrayAsync(image.GetProperty("url").GetString(), TestContext.Current.CancellationToken);
            Assert.Equal(bytes, held.Length);
            Assert.Equal(held, image.GetProperty("data").GetBytesFromBase64());
        }
    }
}

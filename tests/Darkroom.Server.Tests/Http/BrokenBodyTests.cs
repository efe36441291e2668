using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Http;

/// <summary>Bodies that are not valid HTTP: the sender's fault, and no error of the server.</summary>
public sealed class BrokenBodyTests
{
    private const string Head = " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";

    [Theory]
    [InlineData("FFFFFFFFFFFFFFFF\r\n")]
    [InlineData("7FFFFFFFF\r\n")]
    [InlineData("80000000\r\n")]
    [InlineData("-1\r\n")]
    [InlineData("xyz\r\n")]
    [InlineData("2\r\n{}??")]
    public async Task A_chunk_that_is_none_is_400(string body)
    {
        await using var server = await RunningServer.StartAsync();
        foreach (var path in (string[])["/v1/img2img", "/v1/txt2img", "/v1/png-info"])
        {
            var answer = await RawHttp.AskAsync(server, "POST " + path + Head + body);
            Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        }
        Assert.DoesNotContain("\"@l\":\"Error\"", server.Log.All);
        Assert.DoesNotContain("   at ", server.Log.All);
        Assert.Equal(0, server.InputMemory.HeldBytes);
    }
}

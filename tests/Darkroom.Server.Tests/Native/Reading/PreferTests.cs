using Darkroom.Server.Native.Reading;
using Microsoft.AspNetCore.Http;

namespace Darkroom.Server.Tests.Native.Reading;

public sealed class PreferTests
{
    [Theory]
    [InlineData(false, null)]
    [InlineData(false, null, "")]
    [InlineData(true, null, "respond-async")]
    [InlineData(true, null, "Respond-Async")]
    [InlineData(true, 10, "respond-async, wait=10")]
    [InlineData(true, 10, "respond-async", "wait=10")]
    [InlineData(false, 0, "wait=0")]
    [InlineData(false, 7, "wait = 7")]
    [InlineData(false, 7, "wait=\"7\"")]
    [InlineData(false, 7, "wait=7; why=later, handling=lenient")]
    [InlineData(true, null, "return=minimal; foo=\"a, respond-async=no\", respond-async")]
    [InlineData(false, null, "foo=\"respond-async, wait=3\"")]
    [InlineData(false, 5, "foo=\"a\\\", wait=3\", wait=5")]
    [InlineData(false, 1, "wait=1, wait=2")]
    [InlineData(false, null, "wait=x, wait=2")]
    [InlineData(false, null, "wait")]
    [InlineData(false, null, "wait=-1")]
    [InlineData(false, null, "wait=1.5")]
    [InlineData(false, null, "wait=")]
    [InlineData(false, null, "respond-async=no")]
    [InlineData(true, null, "respond-async=\"\"")]
    [InlineData(false, 86400, "wait=99999999999999999999999")]
    [InlineData(true, null, ", ,respond-async,,")]
    [InlineData(false, null, "\"respond-async\"", ";;;", "=")]
    public void Preferences_are_read_as_RFC_7240_has_them(bool async, int? seconds, params string[] lines)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers[Prefer.Header] = lines;
        var prefer = Prefer.Of(context.Request.Headers);
        Assert.Equal((async, seconds), (prefer.RespondAsync, (int?)prefer.Wait?.TotalSeconds));
    }

    [Theory]
    [InlineData("respond-async", true, "respond-async")]
    [InlineData("respond-async, wait=3", true, "respond-async, wait=3")]
    [InlineData("respond-async, wait=3", false, "wait=3")]
    [InlineData("wait=3", true, "wait=3")]
    [InlineData("handling=strict", false, null)]
    public void What_was_heeded_is_told(string line, bool accepted, string? applied)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers[Prefer.Header] = line;
        Assert.Equal(applied, Prefer.Of(context.Request.Headers).Applied(accepted));
    }
}

using System.Text.Json;
using Darkroom.EndToEnd.Clients;

namespace Darkroom.EndToEnd.Playground;

/// <summary>The playground's drawing components in Chromium, driven by <c>tests/node/page</c>: pixels of masks, edges, keys, fingers, accessibility.</summary>
public sealed class DrawingTests
{
    [Fact]
    public async Task Drawing_components_do_what_hands_and_keys_ask()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/chromium"), "Chromium is not installed: ./test restore");
        var gave = await NodeProgram.RunAsync("page/canvas.mjs");
        Assert.Equal(["mask", "frame", "compare"], gave.EnumerateObject().Select(part => part.Name));
        var checks = gave.EnumerateObject().SelectMany(part => part.Value.EnumerateArray().Select(check => (Part: part.Name, Check: check))).ToArray();
        Assert.Equal(22, checks.Length);
        Assert.Empty(checks
            .Where(one => one.Check.GetProperty("error").ValueKind != JsonValueKind.Null)
            .Select(one => $"{one.Part}: {one.Check.Text("name")}: {one.Check.Text("error")}"));
    }
}

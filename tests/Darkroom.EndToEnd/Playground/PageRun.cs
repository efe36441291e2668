using System.Text.Json;
using Darkroom.EndToEnd.Clients;

namespace Darkroom.EndToEnd.Playground;

/// <summary>The playground of one server in Chromium: every scenario of <c>tests/node/page/playground.mjs</c>, run once.</summary>
public sealed class PageRun : StarterServer, IAsyncLifetime
{
    private readonly Dictionary<string, string?> found = [];

    /// <summary>What was wrong in each scenario; null: nothing.</summary>
    internal IReadOnlyDictionary<string, string?> Found => found;

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        if (!PageBrowser.IsHere) return;
        await InitializeAsync();
        string folder = Directory.CreateTempSubdirectory("darkroom-page-").FullName;
        foreach (string group in (string[])["tasks", "flows", "looks"])
            foreach (var (scenario, fault) in PageBrowser.Read(
                await NodeProgram.RunAsync("page/playground.mjs", Client.BaseAddress!.ToString().TrimEnd('/'), folder, group)))
                found.Add(scenario, fault);
        Directory.Delete(folder, recursive: true);
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        if (PageBrowser.IsHere) await DisposeAsync();
    }
}

/// <summary>Chromium, where there is one.</summary>
internal static class PageBrowser
{
    public static bool IsHere => File.Exists("/usr/bin/chromium");

    public static void Needed() => Assert.SkipUnless(IsHere, "Chromium is not installed: ./test restore");

    public static Dictionary<string, string?> Read(JsonElement printed) =>
        printed.EnumerateObject().ToDictionary(one => one.Name, one => one.Value.GetString());
}

using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Darkroom.TestKit;
using Darkroom.TestKit.Deploy;

namespace Darkroom.Server.Tests.Deploy;

/// <summary>
/// The chart, rendered by Helm where it is installed, else by <c>tests/helm/render.go</c>, which has Helm's engine (Go's templates and sprig, as Debian
/// packages them). Null where there is neither.
/// </summary>
internal sealed class HelmChart
{
    public const string Release = "pictures", Namespace = "studio";

    private static readonly string Folder = Path.Combine(Repository.Root, "deploy", "helm", "darkroom");
    private static readonly Lazy<string?> Program = new(FindOrBuild);

    public static bool CanRender => Program.Value is not null;

    /// <summary>Renders the chart with values over its own.</summary>
    /// <param name="values">YAML.</param>
    /// <returns>The objects, and what the renderer said where it failed.</returns>
    public static async Task<(IReadOnlyList<JsonObject> Objects, string Error)> RenderAsync(string values)
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, values);
        bool isHelm = Path.GetFileName(Program.Value) == "helm";
        var (code, output, error) = await RunAsync(new ProcessStartInfo(Program.Value!, isHelm
            ? ["template", Release, Folder, "--namespace", Namespace, "--values", file] : [Folder, Release, Namespace, file]));
        File.Delete(file);
        if (code != 0) return ([], error);
        if (isHelm) return ([.. Yaml.Documents(output).Select(one => one.AsObject())], "");
        var texts = JsonSerializer.Deserialize<Dictionary<string, string>>(output)!;
        return ([.. texts.Where(one => one.Key.EndsWith(".yaml", StringComparison.Ordinal)).SelectMany(one => Yaml.Documents(one.Value))
            .Select(one => one.AsObject())], "");
    }

    /// <summary>What the schemas of Kubernetes, KEDA and the Prometheus operator find wrong with objects; empty: nothing.</summary>
    public static async Task<string> FaultsAsync(IReadOnlyList<JsonObject> objects)
    {
        var start = new ProcessStartInfo(NodeRuntime.Program, [Path.Combine(NodeRuntime.Folder, "kubernetes.mjs")]) { RedirectStandardInput = true };
        var (code, output, error) = await RunAsync(start, new JsonArray([.. objects.Select(one => one.DeepClone())]).ToJsonString());
        return code == 0 ? output : $"kubernetes.mjs ended with {code}: {error}";
    }

    private static string? FindOrBuild()
    {
        if (InPath("helm") is { } helm) return helm;
        if (InPath("go") is not { } go || !Directory.Exists("/usr/share/gocode/src/github.com/Masterminds/sprig")) return null;
        string program = Path.Combine(Directory.CreateTempSubdirectory("darkroom-helm-").FullName, "render");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Path.GetDirectoryName(program)!, recursive: true);
        var start = new ProcessStartInfo(go, ["build", "-o", program, Path.Combine(Repository.Root, "tests", "helm", "render.go")]);
        (start.Environment["GO111MODULE"], start.Environment["GOPATH"], start.Environment["GOFLAGS"]) = ("off", "/usr/share/gocode", "");
        var (code, _, error) = RunAsync(start).GetAwaiter().GetResult();
        return code == 0 ? program : throw new InvalidOperationException($"tests/helm/render.go does not build: {error}");
    }

    private static string? InPath(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static async Task<(int Code, string Output, string Error)> RunAsync(ProcessStartInfo start, string? input = null)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var process = Process.Start(start)!;
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}

using System.Diagnostics;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Darkroom.TestKit;
using Darkroom.TestKit.Docker;
using Darkroom.TestKit.Web;

namespace Darkroom.EndToEnd.Deployment;

/// <summary>
/// What the Dockerfile builds, without Docker: its own commands build the program from the files that it copies, and what comes out is started as its last
/// stage says, as nobody, in a root that cannot be written.
/// </summary>
public sealed partial class ImageTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(9);

    [Fact]
    public async Task What_the_Dockerfile_builds_starts_as_nobody_draws_and_ends_in_good_order()
    {
        Assert.SkipUnless(ImageRoot.Fault() is null, ImageRoot.Fault() ?? "");
        string folder = Directory.CreateTempSubdirectory("darkroom-image-").FullName;
        try
        {
            var file = Dockerfile.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "Dockerfile")));
            string build = Directory.CreateDirectory(Path.Combine(folder, "build")).FullName;
            var architecture = new Dictionary<string, string> { ["TARGETARCH"] = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64" };
            await new StageBuild(new BuildContext(Repository.Root), build, Patience, architecture).RunAsync(file.ChainOf("build-cpu"));
            await StartAsync(file["cpu"], Path.Combine(build, "image"), Directory.CreateDirectory(Path.Combine(folder, "root")).FullName);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task StartAsync(DockerStage image, string made, string root)
    {
        string user = image.The("USER").Text;
        var container = new ImageRoot(root, "/", int.Parse(user.Split(':')[0]));
        foreach (var copy in image.All("COPY"))
        {
            string from = Path.Combine(made, Path.GetRelativePath("/source/image", copy.Sources.Single()));
            bool isVolume = image.The("VOLUME").Exec!.Contains(copy.Target.TrimEnd('/'));
            if (copy.Flags.TryGetValue("chown", out string? owner)) await SystemAsync("chown", owner, from);
            container.Mount(from, copy.Target.TrimEnd('/'), writable: isVolume);
        }
        using var port = new ReservedPort();
        var environment = image.Environment.ToDictionary();
        environment["ASPNETCORE_URLS"] = environment["ASPNETCORE_URLS"].Replace("8080", $"{port}", StringComparison.Ordinal); // another test may have that one
        string data = environment["Darkroom__DataPath"];

        string key;
        await using (var server = await StartedServer.StartOfAsync(container.Start(environment, image.The("ENTRYPOINT").Exec!), data))
        {
            var (code, said) = await RunAsync(container.Start(environment, image.The("HEALTHCHECK").Check!));
            Assert.Equal((0, $"The server at http://127.0.0.1:{port} is ready."), (code, said.Trim()));
            (code, said) = await RunAsync(container.Start(environment, ["/usr/local/bin/darkroom", "keys", "list"]));
            Assert.True(code == 0 && said.Contains("first", StringComparison.Ordinal), said);

            key = Assert.Single(FirstKey().Matches(server.Output)).Value;
            Assert.Equal(401, (await server.Client.PostAsync(new { prompt = "red apple, 3d render" })).Status);
            server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
            var picture = await server.Client.PostAsync(new { prompt = "red apple, 3d render", seed = 42 }, "image/png");
            Assert.Equal((256, 256), (picture.Picture("image/png").Width, picture.Picture("image/png").Height));
            Assert.Equal(("10001", "1", "0000000000000000"), await RightsAsync(server.Id));
            server.Terminate();
            Assert.Equal(0, await server.ExitAsync(TimeSpan.FromSeconds(30)));
        }

        // The second start shows no key, and the first one's is still good: what the image keeps is in the volume.
        await using var again = await StartedServer.StartOfAsync(container.Start(environment, image.The("ENTRYPOINT").Exec!), data);
        Assert.DoesNotMatch(FirstKey(), again.Output);
        again.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        Assert.Equal(200, (await again.Client.FetchAsync("/v1/jobs")).Status);
    }

    /// <summary>Of a process: who it runs as, whether it is barred from more rights, and those that it has.</summary>
    private static async Task<(string User, string NoNewRights, string Rights)> RightsAsync(int process)
    {
        var lines = (await File.ReadAllLinesAsync($"/proc/{process}/status")).Select(line => line.Split('\t')).ToDictionary(line => line[0], line => line[1]);
        return (lines["Uid:"], lines["NoNewPrivs:"], lines["CapEff:"]);
    }

    private static async Task<(int Code, string Output)> RunAsync(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }

    private static async Task SystemAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    [GeneratedRegex("dk_[A-Za-z0-9_-]{43}")]
    private static partial Regex FirstKey();
}

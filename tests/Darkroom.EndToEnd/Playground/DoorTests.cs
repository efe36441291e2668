using System.Diagnostics;
using Darkroom.EndToEnd.Clients;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Playground;

/// <summary>The playground of a server that asks for a key, and of one that dies and comes back.</summary>
public sealed class DoorTests
{
    private const string Key = "clients-0123456789abcdef";

    [Fact]
    public async Task Key_is_asked_for_refused_where_it_is_wrong_and_kept_as_long_as_wanted()
    {
        PageBrowser.Needed();
        await using var server = await StartedServer.StartAsync(environment: [("Darkroom__ApiKey", Key)]);
        var found = PageBrowser.Read(await NodeProgram.RunAsync("page/playground-doors.mjs", "key", server.Client.BaseAddress!.ToString().TrimEnd('/'), Key));
        Assert.Equal(4, found.Count);
        Assert.All(found, one => Assert.Null(one.Value));
        Assert.DoesNotContain(Key, server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoRAs_and_ControlNets_of_the_server_can_be_asked_for_and_the_request_in_csharp_runs()
    {
        PageBrowser.Needed();
        using var models = new ModelsFolder();
        Directory.CreateSymbolicLink(Path.Combine(models.Path, "sd15-tiny"), ConformancePack.PathOf("pipelines", "sd15-tiny", PackModels.Weights));
        Directory.CreateDirectory(Path.Combine(models.Path, "loras"));
        File.Copy(
            ConformancePack.PathOf("pipelines", "sd15-tiny", "lora", "kohya.safetensors"), Path.Combine(models.Path, "loras", "crayons.safetensors"));
        PackControlNet.Place(models.Path, "edges", PackControlNet.Folder);
        await using var server = await StartedServer.StartAsync(models.Path);
        string folder = Directory.CreateTempSubdirectory("darkroom-page-").FullName, shown = Path.Combine(folder, "control.png");
        File.Copy(ConformancePack.PathOf("pipelines", PackControlNet.Family, "cases", "in-image-64x64-0f99eb.png"), shown);
        var found = PageBrowser.Read(await NodeProgram.RunAsync(
            "page/playground-doors.mjs", "parts", server.Client.BaseAddress!.ToString().TrimEnd('/'), shown, folder));
        Assert.Equal(2, found.Count);
        Assert.All(found, one => Assert.Null(one.Value));

        string program = Path.Combine(folder, "request.cs");
        string client = Path.Combine(Repository.Root, "src", "Darkroom.Client");
        string head = $"#:project {client}\n#:property Nullable=enable\n#:property ImplicitUsings=enable\n";
        await File.WriteAllTextAsync(program, head + await File.ReadAllTextAsync(program));
        using var run = Process.Start(new ProcessStartInfo("dotnet", ["run", program])
            { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (run.StandardOutput.ReadToEndAsync(), run.StandardError.ReadToEndAsync());
        await run.WaitForExitAsync();
        Assert.True(run.ExitCode == 0, $"{await output}{await error}");
        Assert.True(File.Exists(Path.Combine(folder, "0.png")));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Job_goes_on_where_the_server_was_killed_and_started_again()
    {
        PageBrowser.Needed();
        string data = Directory.CreateTempSubdirectory("darkroom-page-").FullName;
        var found = PageBrowser.Read(await NodeProgram.RunAsync("page/playground-doors.mjs", "restart", ServerProgram.Path, data));
        Assert.Equal(2, found.Count);
        Assert.All(found, one => Assert.Null(one.Value));
        Directory.Delete(data, recursive: true);
    }
}

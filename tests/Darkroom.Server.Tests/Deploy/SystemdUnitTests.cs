using System.Diagnostics;
using Darkroom.Server.Configuration;
using Darkroom.TestKit;
using Microsoft.Extensions.Configuration;

namespace Darkroom.Server.Tests.Deploy;

/// <summary><c>deploy/systemd/darkroom.service</c> against the program and, where it is installed, against systemd's own judgement.</summary>
public sealed class SystemdUnitTests
{
    private static readonly string Unit = Path.Combine(Repository.Root, "deploy", "systemd", "darkroom.service");

    [Fact]
    public void The_program_takes_its_settings_and_its_code_for_wrong_ones_is_the_one_that_is_not_tried_again()
    {
        var lines = File.ReadAllLines(Unit);
        var settings = lines.Where(line => line.StartsWith("Environment=Darkroom__", StringComparison.Ordinal)).Select(line => line["Environment=".Length..]);
        var read = SettingsTable.Read(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(line => line.Split('=', 2)).Select(pair =>
            KeyValuePair.Create(pair[0].Replace("__", ":", StringComparison.Ordinal), (string?)pair[1].Replace("%S", "/var/lib", StringComparison.Ordinal))))
            .Build(), "/opt/darkroom");
        Assert.Equal(("/var/lib/darkroom", "/opt/darkroom/models"), (read.DataPath, read.ModelsPath));
        Assert.Contains("StateDirectory=darkroom", lines);
        Assert.Contains($"RestartPreventExitStatus={SettingsException.ExitCode}", lines);
        Assert.Contains("Type=notify", lines);
        Assert.Contains($"Environment=ASPNETCORE_URLS={DarkroomHost.DefaultAddress}", lines);
        Assert.Contains("ExecStart=/opt/darkroom/" + Path.GetFileName(ServerProgram.Path), lines);
    }

    [Fact]
    public async Task Systemd_finds_no_fault_in_it_and_little_exposure()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "systemd-analyze is not installed.");
        var folder = Directory.CreateTempSubdirectory("darkroom-unit-");
        string file = Path.Combine(folder.FullName, "darkroom.service");
        // It looks whether the program is there.
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(Unit)).Replace("/opt/darkroom/Darkroom.Server", ServerProgram.Path,
            StringComparison.Ordinal));
        Assert.Equal((0, ""), await RunAsync("verify", "--man=no", file));
        // 1.4 of 10 with systemd 252; the network itself is 0.8 of it.
        Assert.Equal(0, (await RunAsync("security", "--offline=true", "--no-pager", "--threshold=15", file)).Code);
        Assert.NotEqual(0, (await RunAsync("security", "--offline=true", "--no-pager", "--threshold=5", file)).Code);
        folder.Delete(recursive: true);
    }

    private static async Task<(int Code, string Error)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("/usr/bin/systemd-analyze", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        string error = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        return (process.ExitCode, error.Trim());
    }
}

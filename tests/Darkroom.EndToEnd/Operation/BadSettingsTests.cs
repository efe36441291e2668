using System.Diagnostics;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Operation;

/// <summary>What the program says of settings that cannot work, as a supervisor sees it: a sentence, exit code 78, no stack.</summary>
public sealed class BadSettingsTests
{
    [Theory]
    [InlineData("ASPNETCORE_URLS", "http://127.0.0.1:99999", "has the port 99999")]
    [InlineData("ASPNETCORE_URLS", "http://127.0.0.l:18331", "has the host '127.0.0.l'")]
    [InlineData("ASPNETCORE_URLS", "http://0.0.0.0:0", "there are no keys: make one by 'darkroom keys add NAME'")]
    [InlineData("ASPNETCORE_URLS", "https://127.0.0.1:0", "needs a certificate")]
    [InlineData("Serilog__MinimumLevel__Default", "Loud", "Serilog:MinimumLevel:Default is 'Loud'")]
    [InlineData("Darkroom__ModelsPath", "/etc/passwd", "must be a folder")]
    [InlineData("Darkroom__DataPath", "/etc/passwd", "cannot be written")]
    [InlineData("Darkroom__DataPath", "/proc/x", "cannot be written")]
    [InlineData("Darkroom__Engine__MaxBatch", "0", "must be a whole number of 1…64")]
    [InlineData("Darkroom__Engine__Device", "cuda:1", "Darkroom:Engine:Device has cuda:1, which cannot be used. ")]
    [InlineData("Darkroom__Artifacts", "s3", "Darkroom:S3:Bucket is missing")]
    public async Task A_setting_that_cannot_work_ends_the_start_with_a_sentence(string name, string value, string sentence)
    {
        string data = Directory.CreateTempSubdirectory("darkroom-data-").FullName;
        try
        {
            (string, string)[] environment = [("ASPNETCORE_URLS", "http://127.0.0.1:0"), ("Darkroom__DataPath", data), (name, value)];
            var (code, error) = await RunAsync(ServerProgram.Start("serve"), environment);
            Assert.True(code == 78, $"{code}: {error}");
            Assert.Contains(sentence, error);
            Assert.DoesNotContain("   at ", error);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    [Theory]
    [InlineData(160)]
    [InlineData(256)]
    public async Task With_too_few_descriptors_it_says_so_and_does_not_start(int limit)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/bin/sh"), "Other systems have no such limit here.");
        var start = ServerProgram.Start();
        start.FileName = "/bin/sh";
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"ulimit -n {limit}; exec '{ServerProgram.Path}' serve --urls http://127.0.0.1:0");
        var (code, error) = await RunAsync(start, []);
        Assert.True(code == 78, $"{code}: {error}");
        Assert.Contains($"The process may have {limit} file descriptors", error);
        Assert.DoesNotContain("   at ", error);
    }

    private static async Task<(int Code, string Error)> RunAsync(ProcessStartInfo start, (string Name, string Value)[] environment)
    {
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
        await output;
        return (process.ExitCode, await error);
    }
}

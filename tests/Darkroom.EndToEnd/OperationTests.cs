using System.Diagnostics;
using System.Net;

namespace Darkroom.EndToEnd;

/// <summary>What an operator does to the process, and what it says meanwhile.</summary>
public sealed class OperationTests
{
    [Fact]
    public async Task Term_lets_what_runs_finish_takes_nothing_new_and_exits_with_zero()
    {
        await using var server = await ServerProcess.StartAsync();
        var running = server.PostAsync(new { prompt = "apple", steps = 60, seed = 1 });
        await Task.Delay(300, TestContext.Current.CancellationToken);
        server.Signal("TERM");
        await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await server.StatusAsync("/readyz"));
        Assert.Equal(HttpStatusCode.OK, await server.StatusAsync("/livez"));
        var (refused, _) = await server.PostAsync(new { prompt = "late", steps = 1 });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused);
        Assert.Equal(HttpStatusCode.OK, (await running).Status);
        Assert.Equal(0, await server.ExitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Second_term_stops_at_the_next_step()
    {
        await using var server = await ServerProcess.StartAsync();
        var running = server.PostAsync(new { prompt = "apple", steps = 150, count = 8 });
        await Task.Delay(300, TestContext.Current.CancellationToken);
        server.Signal("TERM");
        await Task.Delay(200, TestContext.Current.CancellationToken);
        server.Signal("TERM");
        Assert.Equal(0, await server.ExitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await running).Status);
    }

    [Fact]
    public async Task Process_killed_in_the_middle_starts_again()
    {
        await using (var killed = await ServerProcess.StartAsync())
        {
            _ = killed.PostAsync(new { prompt = "apple", steps = 150 }).ContinueWith(_ => { }, TaskScheduler.Default);
            await Task.Delay(200, TestContext.Current.CancellationToken);
            killed.Signal("KILL");
            await killed.ExitAsync(TimeSpan.FromSeconds(10));
        }
        await using var again = await ServerProcess.StartAsync();
        Assert.Single(await again.HashesAsync(new { prompt = "apple", steps = 1 }));
    }

    [Fact]
    public async Task Prompts_never_reach_the_log()
    {
        await using var server = await ServerProcess.StartAsync();
        const string Canary = "zanzibarcanary", Negative = "quetzalcanary";
        await server.PostAsync(new { prompt = Canary, negative_prompt = Negative, steps = 2 });
        await server.PostAsync(new { prompt = Canary, negative_prompt = Negative, steps = 0, foo = Canary });
        await server.PostAsync(new { prompt = Canary + "\0", model = "nobody" });
        using var hurry = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => server.Client.PostAsync(
            "/v1/txt2img", new StringContent($"{{\"prompt\":\"{Canary}\",\"steps\":150}}", System.Text.Encoding.UTF8, "application/json"), hurry.Token));
        server.Signal("TERM");
        await server.ExitAsync(TimeSpan.FromSeconds(30));
        Assert.Contains("/v1/txt2img", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", server.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Command_makes_the_picture_that_the_server_makes()
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("darkroom-out").FullName, "fox.png");
        var (code, _, error) = await RunAsync("generate", "fox, 3d render", "--output", file, "--seed", "42", "--steps", "6", "--sampler", "euler", "--size", "64x64");
        Assert.True(code == 0, error);
        await using var server = await ServerProcess.StartAsync();
        string served = (await server.HashesAsync(new { prompt = "fox, 3d render", seed = 42, steps = 6, sampler = "euler", width = 64, height = 64 }))[0];
        Assert.Equal(served, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken))));
    }

    [Fact]
    public async Task Commands_tell_of_models_and_of_what_is_wrong()
    {
        Assert.Contains("starter", (await RunAsync("models")).Output, StringComparison.Ordinal);
        var (code, _, error) = await RunAsync("generate", "fox", "--steps", "0");
        Assert.NotEqual(0, code);
        Assert.Contains("steps", error, StringComparison.Ordinal);
        string models = Directory.CreateTempSubdirectory("darkroom-models").FullName;
        Directory.CreateDirectory(Path.Combine(models, "broken"));
        File.WriteAllText(Path.Combine(models, "broken", "model_index.json"), "{");
        var doctor = await RunAsync("doctor", "--models-path", models, "--urls", "http://127.0.0.1:0");
        Assert.Equal(1, doctor.Code);
        Assert.Contains("broken", doctor.Output + doctor.Error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] words)
    {
        var start = new ProcessStartInfo(ServerProcess.Program, words) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["Darkroom__DataPath"] = Directory.CreateTempSubdirectory("darkroom-data").FullName;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}

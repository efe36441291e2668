using Darkroom.TestKit;
using Darkroom.TestKit.Chaos;

namespace Darkroom.EndToEnd.Chaos;

/// <summary>
/// Half a minute of what <c>tests/Darkroom.Benchmarks -- chaos</c> does for an hour: all tasks and models at once, callers who leave, cancel and are late,
/// models that come and go, and damaged ones beside them.
/// </summary>
public sealed class ChaosTests
{
    private const int Rounds = 3, Seed = 20261129;

    [Fact]
    public async Task Whatever_callers_and_models_do_each_gets_its_answer_and_each_picture_is_what_it_is_alone()
    {
        using var models = new ChaosModels();
        await using var server = await StartedServer.StartAsync(models.ModelsPath, null, ChaosModels.Settings);
        var run = new ChaosRun(server, Seed);
        for (int round = 0; round < Rounds; round++) await run.RoundAsync(TimeSpan.FromSeconds(7));

        TestContext.Current.TestOutputHelper?.WriteLine(ChaosSummary.Text(run, TimeSpan.Zero));
        Assert.Empty(run.Faults);
        Assert.Equal(5, run.Ends.Keys.Where(key => key.End == Expectation.Succeeded).Select(key => key.Task).Distinct().Count());
        Assert.True(run.Compared > 20, $"{run.Compared} pictures were compared.");
        var (warm, last) = (run.Readings[0], run.Readings[^1]);
        // So short a run sees a leak that is coarse; the long form sees the others.
        Assert.InRange(last.ResidentMiB - warm.ResidentMiB, double.MinValue, 250);
        // The pool keeps idle threads for some twenty seconds; a leaked one never goes.
        await Calls.UntilAsync("threads are as few as before", () => Task.FromResult(ProcessMeter.Read(server.Id, default).Threads - warm.Threads <= 12));
        Assert.InRange(last.Descriptors - warm.Descriptors, int.MinValue, 24);
    }
}

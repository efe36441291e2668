using Darkroom.Diffusion.Tensors;
using Darkroom.Engine.Execution;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Scheduling;
using Darkroom.Engine.Stages;
using Darkroom.Engine.Scheduling.Costs;

namespace Darkroom.Engine.Tests.Execution;

public sealed class CostKeeperTests : IDisposable
{
    private static readonly CostKey Call = new("starter", Denoise.Network, new LatentShape(4, 8, 8));
    private readonly string path = Path.Combine(Directory.CreateTempSubdirectory("darkroom").FullName, "data", "call-costs.json");

    [Fact]
    public async Task What_one_process_measured_the_next_one_knows()
    {
        using (var devices = Devices(2))
        {
            var keeper = Keeper(devices);
            keeper.Restore();
            for (int i = 0; i < 4; i++) devices.All[0].Costs.Learn(Call, 2, CallWidth.Narrow, 0.25);
            foreach (double seconds in (double[])[0.1, 0.1, 0.5]) devices.All[0].Costs.Learn(Call, 2, CallWidth.Wide, seconds);
            await keeper.SaveAsync();
        }
        using var later = Devices(2);
        Keeper(later).Restore();
        Assert.True(later.All[0].Costs.IsMeasured(Call, 2, CallWidth.Narrow));
        Assert.Equal(0.25, later.All[0].Costs.SecondsOf(Call, 2, CallWidth.Narrow), 6);
        Assert.Equal(0.3, later.All[0].Costs.SecondsOf(Call, 2, CallWidth.Wide), 6);
        Assert.InRange(later.All[0].Costs.SecondsAlone(Call, 2), 0.1, 0.102);

        using var other = Devices(4); // another machine: what was measured there says nothing here
        Keeper(other).Restore();
        Assert.False(other.All[0].Costs.IsMeasured(Call, 2, CallWidth.Narrow));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"devices\": 3}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("\u0000\u0001")]
    [InlineData("{\"devices\": null}")]
    [InlineData("{\"devices\": [null]}")]
    [InlineData("{\"devices\": [{\"device\": {\"workPerSecond\": null}, \"costs\": []}]}")]
    [InlineData("{\"devices\": [{\"device\": {\"workPerSecond\": 1e11, \"fixedShare\": 0.03, \"narrowGain\": 1.2, \"threads\": 2}, \"costs\": null}]}")]
    [InlineData("{\"devices\": [{\"device\": null, \"costs\": null}]}")]
    public void Broken_file_is_as_good_as_none(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        using var devices = Devices(2);
        Keeper(devices).Restore();
        Assert.Empty(devices.All[0].Costs.Measured);
    }

    [Fact]
    public void Entries_that_cannot_be_are_passed_over()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, """
            {"devices": [null, {"device": {"workPerSecond": 100000000000, "fixedShare": 0.03, "narrowGain": 1.2, "threads": 2}, "costs": [null,
              {"key": {"model": "a", "kind": "denoise", "shape": {"channels": 4, "height": 8, "width": 8}},
                "width": "Wide", "evaluations": 2, "seconds": -1, "seen": 3},
              {"key": {"model": "of an older version", "stage": "Denoise", "shape": {"channels": 4, "height": 8, "width": 8}},
                "width": "Wide", "evaluations": 2, "seconds": 1, "seen": 3},
              {"key": {"model": "b", "kind": "denoise", "shape": {"channels": 4, "height": 8, "width": 8}},
                "width": "Wide", "evaluations": 2, "seconds": 0.5, "seen": 3}]}]}
            """);
        using var devices = Devices(2);
        Keeper(devices).Restore();
        Assert.Equal("b", Assert.Single(devices.All[0].Costs.Measured).Key.Model);
    }

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(Path.GetDirectoryName(path))!, recursive: true);

    private CostKeeper Keeper(DeviceGroup devices) => new(devices, new EngineOptions { CostsPath = path }, TimeProvider.System, new FailingLog<CostKeeper>());

    private static DeviceGroup Devices(int threads) =>
        DeviceSetup.Create([DeviceTraits.Cpu(threads)], new SchedulingPolicy(), static () => new StepExecutor(), new AsyncSignal(), TimeProvider.System);
}

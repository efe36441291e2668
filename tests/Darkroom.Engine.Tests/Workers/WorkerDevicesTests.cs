using Darkroom.Engine.Devices;
using Darkroom.Engine.Workers;

namespace Darkroom.Engine.Tests.Workers;

/// <summary>What a process without devices tells of those of workers.</summary>
public sealed class WorkerDevicesTests
{
    [Fact]
    public async Task Devices_of_all_workers_are_told_as_their_cards_have_them()
    {
        var directory = new WorkerDirectory();
        var devices = new WorkerDevices(directory);
        Assert.Empty(await devices.LookAsync(TestContext.Current.CancellationToken));
        WorkerCard card = new() { Id = "b", Devices = [new(0, "cpu", 0, "A processor", 8, 16, 1000), new(1, "cuda", 2, "A GPU", 1, 16, null)] };
        directory.Show([WorkerJson.Read(WorkerJson.Write(card)), new WorkerCard { Id = "a" }, WorkerJson.Read("""{"id":"c"}""")]);
        var reports = await devices.LookAsync(TestContext.Current.CancellationToken);
        Assert.Equal([("b", 0, "cpu", 0, "A processor", 8, 1000L), ("b", 1, "cuda", 2, "A GPU", 1, null)], reports.Select(report =>
            (report.Worker, report.Index, report.Kind, report.Id, report.Name, report.Threads, report.WeightLimitBytes)));
        Assert.All(reports, report => Assert.Equal((DeviceState.Unknown, 16, null), (report.State, report.MaxBatch, report.WeightBytes)));
    }
}

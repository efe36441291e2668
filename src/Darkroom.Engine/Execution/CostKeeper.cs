using Darkroom.Engine.Estimates;
using System.Text.Json;
using System.Text.Json.Serialization;
using Darkroom.Engine.Scheduling.Costs;
using Darkroom.Engine.Telemetry;
using Microsoft.Extensions.Logging;

namespace Darkroom.Engine.Execution;

/// <summary>
/// Keeps what calls were measured to cost in a file, so that a server knows its machine from the first request on. Written once a minute, beside the loop; a
/// file that cannot be read or written costs knowledge, nothing else.
/// </summary>
internal sealed class CostKeeper(DeviceGroup devices, EngineOptions options, TimeProvider time, ILogger<CostKeeper> log, PeakTable? peaks = null)
{
    private static readonly TimeSpan Between = TimeSpan.FromMinutes(1);

    private long saved = time.GetTimestamp();
    private long versions; // of all tables, when they were saved
    private Task writing = Task.CompletedTask;

    /// <summary>Gives every device's table what was measured on a device of its kind before.</summary>
    public void Restore()
    {
        if (options.CostsPath is not { } path || !File.Exists(path)) return;
        try
        {
            var file = JsonSerializer.Deserialize<CostFile>(File.ReadAllBytes(path), CostFile.Format);
            foreach (var device in devices.All)
                foreach (var cost in file?.Devices?.Find(one => one?.Device == device.Traits)?.Costs ?? [])
                    if (IsSound(cost)) device.Costs.Restore(cost!);
            foreach (var peak in file?.Peaks ?? [])
                if (IsSound(peak)) peaks?.Restore(peak!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            EngineLog.CostsUnread(log, path, e.Message);
        }
        versions = Versions;
    }

    /// <summary>Writes the file where a minute has passed and something was learned; the loop does not wait for it.</summary>
    public void SaveIfDue()
    {
        if (time.GetElapsedTime(saved) >= Between && writing.IsCompleted) Save();
    }

    /// <summary>Writes the file where something was learned since.</summary>
    public async Task SaveAsync()
    {
        await writing;
        Save();
        await writing;
    }

    /// <summary>A file may be edited, or be an older version's.</summary>
    private static bool IsSound(MeasuredCost? cost) =>
        cost is { Key: { Model: not null, Kind: not null }, Evaluations: > 0, Seconds: > 0 and < double.PositiveInfinity, Seen: > 0 }
        and { Undisturbed: null or (> 0 and < double.PositiveInfinity) };

    private static bool IsSound(MeasuredPeak? peak) =>
        peak is { Key: { Model: not null, Kind: not null }, Evaluations: > 0, Bytes: > 0 and < long.MaxValue / 4, Estimate: > 0 };

    private long Versions => devices.All.Sum(device => device.Costs.Version) + (peaks?.Version ?? 0);

    private void Save()
    {
        saved = time.GetTimestamp();
        if (options.CostsPath is not { } path || Versions == versions) return;
        versions = Versions;
        // Devices of one kind learn the same: the first speaks for them.
        var kinds = devices.All.DistinctBy(device => device.Traits);
        var file = new CostFile([.. kinds.Select(device => new DeviceCosts(device.Traits, [.. device.Costs.Measured]))], [.. peaks?.Measured ?? []]);
        writing = Task.Run(() => Write(path, file));
    }

    private void Write(string path, CostFile file)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(file, CostFile.Format));
            File.Move(path + ".new", path, overwrite: true); // a reader sees the old file or the new one
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            EngineLog.CostsUnwritten(log, path, e.Message);
        }
    }

    /// <summary>The file.</summary>
    /// <param name="Devices">Times, by kind of device.</param>
    /// <param name="Peaks">Memory of calls on a CPU: the same on any machine.</param>
    internal sealed record CostFile(List<DeviceCosts?>? Devices, List<MeasuredPeak?>? Peaks = null)
    {
        public static JsonSerializerOptions Format { get; } = new(JsonSerializerDefaults.Web)
        {
            WriteIndented = true,
            Converters = { new JsonStringEnumConverter() },
        };
    }

    /// <summary>What was measured on devices of one kind; on another kind it means nothing.</summary>
    internal sealed record DeviceCosts(DeviceTraits Device, List<MeasuredCost?>? Costs);
}

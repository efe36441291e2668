using Darkroom.Engine.Jobs;
using Darkroom.Storage.Rows;
using Microsoft.Data.Sqlite;

namespace Darkroom.Storage.Sqlite;

/// <summary>Days of accounts as rows, written in the transaction of the draft that adds to them.</summary>
internal sealed class UsageJournal(SqliteConnection connection) : IDisposable
{
    private readonly SqliteCommand add = connection.Statement(
        "INSERT INTO usage_day VALUES ($day, $account, $succeeded, $failed, $cancelled, $expired, $pictures, $megapixel_steps, $device_seconds, " +
        "$processor_seconds, $joules) " + UsageRow.AddUp,
        "$day", "$account", "$succeeded", "$failed", "$cancelled", "$expired", "$pictures", "$megapixel_steps", "$device_seconds", "$processor_seconds",
        "$joules");

    private readonly SqliteCommand sweep = connection.Statement("DELETE FROM usage_day WHERE day < $day", "$day");

    public void Write(IReadOnlyList<UsageEntry> entries)
    {
        foreach (var (day, account, counts) in entries) Add(day, account, counts);
    }

    public void Sweep(DateOnly before)
    {
        sweep.Parameters[0].Value = UsageRow.Text(before);
        sweep.ExecuteNonQuery();
    }

    public void Dispose()
    {
        add.Dispose();
        sweep.Dispose();
    }

    private void Add(DateOnly day, string account, UsageCounts counts)
    {
        object[] values =
        [
            UsageRow.Text(day), account, counts.Succeeded, counts.Failed, counts.Cancelled, counts.Expired, counts.Pictures, counts.MegapixelSteps,
            counts.DeviceSeconds, counts.ProcessorSeconds, (object?)counts.Joules ?? DBNull.Value,
        ];
        for (int i = 0; i < values.Length; i++) add.Parameters[i].Value = values[i];
        add.ExecuteNonQuery();
    }
}

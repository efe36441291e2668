using System.Globalization;
using Darkroom.Storage.Files;

namespace Darkroom.Server.Health;

/// <summary>Whether the folder of what the server keeps can be written, and has space. It is looked at every other second at most, however many ask.</summary>
/// <param name="folder">Null: nothing is kept on a disk.</param>
/// <param name="time">Says when to look again.</param>
internal sealed class DiskProbe(string? folder, TimeProvider time)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private long? lookedAt;
    private string? fault;

    /// <summary>Whether there is a folder to look at.</summary>
    public bool IsNeeded => folder is not null;

    /// <summary>What is wrong, as a sentence without paths; null: nothing.</summary>
    public string? Fault
    {
        get
        {
            if (folder is null) return null;
            lock (gate)
            {
                if (lookedAt is { } at && time.GetElapsedTime(at) < MaxAge) return fault;
                lookedAt = time.GetTimestamp();
                return fault = Look(folder);
            }
        }
    }

    private static string? Look(string folder)
    {
        try
        {
            string probe = Path.Combine(folder, ".ready");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            var disk = new DiskSpace(folder);
            var (free, enough) = (disk.FreeBytes, disk.DefaultReserve);
            return free >= enough ? null : string.Create(
                CultureInfo.InvariantCulture, $"The disk has {free >> 20} MiB left; below {enough >> 20} MiB the oldest pictures are removed.");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return "The data folder cannot be written.";
        }
    }
}

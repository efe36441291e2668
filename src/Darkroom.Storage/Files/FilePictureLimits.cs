namespace Darkroom.Storage.Files;

/// <summary>How long pictures stay on disk, and what room they may take.</summary>
public sealed record FilePictureLimits
{
    /// <summary>From the end of their job. The sweep removes them; the store says so to callers.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Of the pictures that nobody holds, bytes; 0: no limit but the disk's.</summary>
    public long CapacityBytes { get; init; }

    /// <summary>What pictures leave free on the disk, bytes; null: 1 GiB, or a twentieth of a disk that is smaller than 20 GiB.</summary>
    public long? KeepFreeBytes { get; init; }
}

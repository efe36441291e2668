namespace Darkroom.Storage.Keeping;

/// <summary>Where several processes find each other's previews: beside the pictures, never in a database.</summary>
public interface IPreviewFiles
{
    /// <summary>In the place of the job's last one.</summary>
    ValueTask WriteAsync(string jobId, ReadOnlyMemory<byte> file, CancellationToken cancellation);

    /// <summary>Null where there is none.</summary>
    ValueTask<ReadOnlyMemory<byte>?> ReadAsync(string jobId, CancellationToken cancellation);

    ValueTask RemoveAsync(string jobId, CancellationToken cancellation);
}

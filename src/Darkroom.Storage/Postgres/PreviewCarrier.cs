using Darkroom.Engine.Previews;
using Darkroom.Storage.Keeping;

namespace Darkroom.Storage.Postgres;

/// <summary>Previews between processes: the database tells that there is one, the files beside the pictures have it.</summary>
internal sealed class PreviewCarrier(Announcer announcer, IPreviewFiles files, TimeProvider time) : IPreviewCarrier
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, long> wanted = []; // jobs that others read, and when they said so

    public event Action<string>? Brought;

    public bool IsWanted(string jobId)
    {
        lock (gate)
        {
            if (!wanted.TryGetValue(jobId, out long since)) return false;
            if (time.GetElapsedTime(since) < RelayedPreviewBoard.WantedFor) return true;
            wanted.Remove(jobId);
            return false;
        }
    }

    public void Want(string jobId) => announcer.Reads(jobId);

    public async ValueTask BringAsync(Preview preview, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(preview);
        await files.WriteAsync(preview.JobId, PreviewFile.Write(preview), cancellation);
        announcer.Brought(preview.JobId);
    }

    public async ValueTask<Preview?> FetchAsync(string jobId, CancellationToken cancellation) =>
        await files.ReadAsync(jobId, cancellation) is { } file ? PreviewFile.Read(jobId, file) : null;

    public ValueTask RemoveAsync(string jobId, CancellationToken cancellation) => files.RemoveAsync(jobId, cancellation);

    /// <summary>What another process told.</summary>
    public void Hear(Bulletin bulletin)
    {
        lock (gate)
            foreach (string id in bulletin.Readers) wanted[id] = time.GetTimestamp();
        foreach (string id in bulletin.Previews) Brought?.Invoke(id);
    }
}

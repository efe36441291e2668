using Darkroom.Engine.Previews;
using Darkroom.Storage.Keeping;

namespace Darkroom.Storage.S3;

/// <summary>Previews as objects <c>previews/{job}</c> of a bucket.</summary>
public sealed class S3PreviewFiles(S3Bucket bucket) : IPreviewFiles
{
    internal const string Prefix = "previews/";

    public async ValueTask WriteAsync(string jobId, ReadOnlyMemory<byte> file, CancellationToken cancellation)
    {
        if (StoredId.IsOne(jobId)) await bucket.PutAsync(Prefix + jobId, file, cancellation);
    }

    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(string jobId, CancellationToken cancellation) =>
        StoredId.IsOne(jobId) ? await bucket.ReadWholeAsync(Prefix + jobId, PreviewPicture.MaxBytes, cancellation) : null;

    public async ValueTask RemoveAsync(string jobId, CancellationToken cancellation)
    {
        if (StoredId.IsOne(jobId)) await bucket.DeleteAsync([Prefix + jobId], cancellation);
    }
}

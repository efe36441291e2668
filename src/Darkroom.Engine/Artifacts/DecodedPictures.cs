using Darkroom.Imaging;

namespace Darkroom.Engine.Artifacts;

/// <summary>
/// Pixels of pictures that wait in the input store, so that what was decoded to see whether it is sound is not decoded again for the job, nor once for each
/// of its pictures. The file in the store stays what a request refers to: whatever is not here any more, or was sent to another process, is decoded
/// from it. Any thread may ask; nobody changes a picture that was put here.
/// </summary>
/// <remarks>
/// A file of 2048 x 2048 took 20 ms (JPEG), 70 ms (WebP) and 110 ms (PNG) to decode, on a core shared with others: little beside a job, but most of the
/// way to it, and again for each picture of a job (<c>dotnet run -c Release --project tests/Darkroom.Benchmarks -- decode</c>).
/// </remarks>
/// <param name="capacityBytes">Of pixels; the oldest go first. The default holds one picture of the largest size with alpha, or five of 2048 x 2048.</param>
public sealed class DecodedPictures(long capacityBytes = DecodedPictures.DefaultBytes)
{
    public const long DefaultBytes = 64L << 20;

    private readonly Lock gate = new();
    private readonly OrderedDictionary<string, Picture> held = new(StringComparer.Ordinal);
    private long bytesHeld;

    public long CapacityBytes => capacityBytes;

    /// <summary>Of the pixels that are held now.</summary>
    public long HeldBytes
    {
        get
        {
            lock (gate) return bytesHeld;
        }
    }

    /// <summary>Keeps a picture under the id of its file, if there can be room.</summary>
    public void Add(string id, Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (picture.Pixels.Length > capacityBytes) return;
        lock (gate)
        {
            if (!held.TryAdd(id, picture)) return;
            bytesHeld += picture.Pixels.Length;
            while (bytesHeld > capacityBytes) Forget(0);
        }
    }

    /// <summary>The picture; null where it is not held.</summary>
    public Picture? Find(string id)
    {
        lock (gate) return held.GetValueOrDefault(id);
    }

    /// <summary>Lets a picture go whose file goes.</summary>
    public void Remove(string id)
    {
        lock (gate)
            if (held.IndexOf(id) is var index and >= 0) Forget(index);
    }

    private void Forget(int index)
    {
        bytesHeld -= held.GetAt(index).Value.Pixels.Length;
        held.RemoveAt(index);
    }
}

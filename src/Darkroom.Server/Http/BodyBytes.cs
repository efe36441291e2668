namespace Darkroom.Server.Http;

/// <summary>Reads a body up to a limit.</summary>
internal static class BodyBytes
{
    /// <summary>For texts.</summary>
    public const int MaxText = 256 * 1024;

    /// <summary>For pictures in base64 or as parts of a form.</summary>
    public const int MaxWithPictures = 64 * 1024 * 1024;

    /// <summary>A body that is too large is still read so much further, so that its sender gets to the answer; a longer one is cut off.</summary>
    public const int Discarded = 8 * 1024 * 1024;

    // Room is made as bytes come in: a header that promises much costs nothing.
    private const int FirstRoom = 64 * 1024;

    /// <summary>The body; null where it is longer than <paramref name="largest"/>.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(HttpContext context, int largest)
    {
        var request = context.Request;
        if (request.ContentLength > (long)largest + Discarded || (request.ContentLength > largest && request.Headers.Expect.Count > 0)) return CutOff(context);

        var reader = request.BodyReader;
        var (bytes, length) = (new byte[Math.Min(FirstRoom, request.ContentLength ?? FirstRoom)], 0L);
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            foreach (var piece in read.Buffer)
            {
                var end = length + piece.Length;
                if (end <= largest)
                {
                    if (end > bytes.Length) Array.Resize(ref bytes, (int)Room(end, bytes.Length, request.ContentLength, largest));
                    piece.Span.CopyTo(bytes.AsSpan((int)length));
                }
                length = end;
            }
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return length <= largest ? (ReadOnlyMemory<byte>?)bytes.AsMemory(0, (int)length) : null;
            if (length > (long)largest + Discarded) return CutOff(context);
        }
    }

    private static long Room(long needed, long now, long? promised, long largest) =>
        Math.Min(largest, now * 2 >= promised && needed <= promised ? promised.Value : Math.Max(needed, now * 2));

    private static ReadOnlyMemory<byte>? CutOff(HttpContext context)
    {
        context.Response.Headers.Connection = "close";
        return null;
    }
}

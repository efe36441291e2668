using System.Globalization;
using Darkroom.Engine.Artifacts;
using Darkroom.Server.Problems;

namespace Darkroom.Server.Http;

/// <summary>Reads a body up to a limit, in memory that is accounted for as it arrives.</summary>
internal static class BodyBytes
{
    /// <summary>For texts.</summary>
    public const int MaxText = 256 * 1024;

    /// <summary>For pictures in base64 or as parts of a form.</summary>
    public const int MaxWithPictures = 64 * 1024 * 1024;

    /// <summary>A body that is too large is still read so much further, so that its sender gets to the answer; a longer one is cut off.</summary>
    public const int Discarded = 8 * 1024 * 1024;

    // Room is made when bytes come in: a header alone that promises much costs nothing. So much is not counted: a connection costs as much by itself, and a
    // request without pictures is never refused for those of others.
    private const int FirstRoom = 64 * 1024;

    /// <summary>The body, or why it is not taken.</summary>
    /// <param name="context">The request.</param>
    /// <param name="largest">Bytes that it may have.</param>
    /// <param name="room">Holds what the body takes, until its owner disposes of it.</param>
    /// <exception cref="BadHttpRequestException">It is not valid HTTP.</exception>
    public static async ValueTask<(Memory<byte>? Bytes, Problem? Problem)> ReadAsync(HttpContext context, int largest, InputReservation room)
    {
        var request = context.Request;
        largest = (int)Math.Min(largest, Math.Max(room.MaxBytes, FirstRoom));
        if (request.ContentLength > (long)largest + Discarded || (request.ContentLength > largest && request.Headers.Expect.Count > 0))
            return CutOff(context, largest);
        try
        {
            return await ReadAsync(context, new Body(largest, request.ContentLength, room));
        }
        catch (IOException broken) when (broken is not BadHttpRequestException && !context.RequestAborted.IsCancellationRequested)
        {
            // So the listener tells of a chunk whose size is too large to be one. Nothing after it can be read either.
            context.Response.Headers.Connection = "close";
            throw new BadHttpRequestException("The body could not be read.", StatusCodes.Status400BadRequest, broken);
        }
    }

    private static async ValueTask<(Memory<byte>? Bytes, Problem? Problem)> ReadAsync(HttpContext context, Body body)
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            foreach (var piece in read.Buffer)
                if (!body.TryAdd(piece.Span))
                {
                    reader.AdvanceTo(read.Buffer.Start);
                    return (null, NoRoom); // the listener reads on for some seconds, so that the sender gets to the answer
                }
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return body.IsTooLarge ? (null, TooLarge(body.Largest)) : (body.Bytes, null);
            if (body.Length > (long)body.Largest + Discarded) return CutOff(context, body.Largest);
        }
    }

    private static Problem NoRoom =>
        new(ProblemType.InputsFull, "What others send fills the memory that is set aside for it; there is room when some is done.");

    private static (Memory<byte>?, Problem?) CutOff(HttpContext context, int largest)
    {
        context.Response.Headers.Connection = "close";
        return (null, TooLarge(largest));
    }

    private static Problem TooLarge(int largest) => new(ProblemType.TooLarge, largest >= 1024 * 1024
        ? string.Create(CultureInfo.InvariantCulture, $"The body may have {largest / (1024 * 1024)} MiB.")
        : string.Create(CultureInfo.InvariantCulture, $"The body may have {largest / 1024} KiB."));

    /// <summary>What has arrived so far. Beyond its limit it is counted and not kept.</summary>
    private sealed class Body(int largest, long? promised, InputReservation room)
    {
        private byte[] bytes = new byte[Math.Min(FirstRoom, promised ?? FirstRoom)];
        private long made; // bytes of all arrays that were counted

        public int Largest => largest;

        public long Length { get; private set; }

        public bool IsTooLarge => Length > largest;

        public Memory<byte> Bytes => bytes.AsMemory(0, (int)Length);

        /// <returns>False where there is no room for it.</returns>
        public bool TryAdd(ReadOnlySpan<byte> piece)
        {
            var end = Length + piece.Length;
            if (end <= largest)
            {
                if (end > bytes.Length && !TryGrow(end)) return false;
                piece.CopyTo(bytes.AsSpan((int)Length));
            }
            Length = end;
            return true;
        }

        /// <summary>
        /// A body whose length is known gets its room at once: its pages come into memory as they are written. Another one's arrays double, and the earlier
        /// ones count as long as it does: they lie there until they are collected.
        /// </summary>
        private bool TryGrow(long needed)
        {
            long size = Math.Min(largest, needed <= promised ? promised.Value : Math.Max(needed, bytes.Length * 2L));
            if (!room.TryGrowTo(made + size)) return false; // and not for less: growing by every piece would copy the whole body each time
            made += size;
            var larger = GC.AllocateUninitializedArray<byte>((int)size);
            bytes.AsSpan(0, (int)Length).CopyTo(larger);
            bytes = larger;
            return true;
        }
    }
}

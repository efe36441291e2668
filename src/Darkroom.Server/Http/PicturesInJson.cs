using System.Buffers;
using System.Buffers.Text;
using Darkroom.Engine.Artifacts;

namespace Darkroom.Server.Http;

/// <summary>Writes JSON whose pictures go into it as they are read, so that an answer of many megabytes is never in memory.</summary>
internal static class PicturesInJson
{
    private const int Piece = 48 * 1024; // bytes of a file: a multiple of three, so that pieces can be put together

    /// <summary>Writes an answer, with its length said before, and closes its pictures.</summary>
    /// <param name="context">The request that is answered.</param>
    /// <param name="serialize">Gives the answer with empty texts where the pictures go.</param>
    /// <param name="pictures">In the order in which they stand in it.</param>
    public static async Task WriteAsync(HttpContext context, Func<byte[]> serialize, IReadOnlyList<PictureData> pictures)
    {
        try
        {
            var json = serialize();
            JsonResponse.Begin(context, json.Length + pictures.Sum(static data => LengthOf(data.Picture.Artifact)), StatusCodes.Status200OK);
            await CopyAsync(context.Response.Body, json, pictures, context.RequestAborted);
        }
        finally
        {
            foreach (var data in pictures) await data.DisposeAsync();
        }
    }

    /// <summary>Writes the JSON with its pictures, which stay open.</summary>
    public static async Task CopyAsync(Stream body, ReadOnlyMemory<byte> json, IReadOnlyList<PictureData> pictures, CancellationToken cancellation)
    {
        int from = 0;
        foreach (var data in pictures)
        {
            await body.WriteAsync(json[from..data.At], cancellation);
            await CopyAsync(data.Picture, body, cancellation);
            from = data.At;
        }
        await body.WriteAsync(json[from..], cancellation);
    }

    private static long LengthOf(Artifact artifact) => (artifact.Length + 2) / 3 * 4;

    private static async Task CopyAsync(OpenArtifact picture, Stream body, CancellationToken cancellation)
    {
        var (file, text) = (ArrayPool<byte>.Shared.Rent(Piece), ArrayPool<byte>.Shared.Rent(Piece / 3 * 4));
        try
        {
            for (var left = picture.Artifact.Length; left > 0;)
            {
                var piece = file.AsMemory(0, (int)Math.Min(Piece, left));
                await picture.Content.ReadExactlyAsync(piece, cancellation);
                Base64.EncodeToUtf8(piece.Span, text, out _, out var written);
                await body.WriteAsync(text.AsMemory(0, written), cancellation);
                left -= piece.Length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(file);
            ArrayPool<byte>.Shared.Return(text);
        }
    }
}

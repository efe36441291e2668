using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Darkroom.Engine.Artifacts;
using Darkroom.Server.Http;
using Darkroom.Server.Native.Contracts;

namespace Darkroom.Server.Native.Answers;

/// <summary>Writes an answer whose pictures go into its JSON as they are read, with its length said before.</summary>
internal static class PicturesInJson
{
    private const int Piece = 48 * 1024; // bytes of a file: a multiple of three, so that pieces can be put together

    /// <summary>Writes the answer and closes its pictures.</summary>
    public static async Task WriteAsync(HttpContext context, GenerationAnswer answer)
    {
        var pictures = answer.Images.Select(image => image.Data).OfType<PictureData>().ToArray();
        try
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(answer, WireJson.Wire.GenerationAnswer).AsMemory();
            JsonResponse.Begin(context, json.Length + pictures.Sum(static data => LengthOf(data.Picture.Artifact)), StatusCodes.Status200OK);
            var (body, from) = (context.Response.Body, 0);
            foreach (var data in pictures)
            {
                await body.WriteAsync(json[from..data.At], context.RequestAborted);
                await CopyAsync(data.Picture, body, context.RequestAborted);
                from = data.At;
            }
            await body.WriteAsync(json[from..], context.RequestAborted);
        }
        finally
        {
            foreach (var data in pictures) await data.DisposeAsync();
        }
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

using System.Text.Json;
using Darkroom.Imaging;
using Darkroom.Imaging.Decoding;
using Darkroom.Imaging.Masks;
using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.Automatic1111.Reading;

/// <summary>Pictures as AUTOMATIC1111's clients send them: base64, or a data URL.</summary>
internal static class SentPictures
{
    private const string NoAddress =
        "is an address. This server fetches nothing for its callers, since it may reach what they must not; send the file in base64";

    /// <summary>A picture under its native name; null where there is none, which is a fault.</summary>
    /// <param name="body">With the picture.</param>
    /// <param name="values">Where it stood.</param>
    /// <param name="name">The name that was sent.</param>
    /// <param name="json">The picture.</param>
    /// <param name="field">The native name.</param>
    public static SentFile? Read(LiftedBody body, SentValues values, string name, JsonElement json, string field)
    {
        if (json.ValueKind != JsonValueKind.String)
            values.Refuse(name, "must be a picture in base64", json);
        else if (body.Begins(json, "http://") || body.Begins(json, "https://"))
            values.Refuse(name, NoAddress);
        else return body.FileOf(json, field);
        return null;
    }

    /// <summary>The same bytes for another job: a picture is decoded in its place.</summary>
    public static SentFile Copy(SentFile file) => file with { Bytes = file.Bytes.ToArray() };

    /// <summary>
    /// A mask as AUTOMATIC1111 reads it: what is opaque where there is anything transparent, else what is light. Two different blurs are applied here; one is
    /// left to the core.
    /// </summary>
    /// <param name="file">As it was sent.</param>
    /// <param name="blur">Standard deviations in pixels, across and down.</param>
    /// <param name="memory">For its pixels.</param>
    /// <returns>The mask to be sent on, and the blur that is left to the core.</returns>
    public static async ValueTask<(SentFile File, double Blur)> MaskAsync(
        SentFile file, (double X, double Y) blur, DecodeMemory memory, CancellationToken cancellation)
    {
        // What is no picture, or too large, is told when the core reads the field: it gets the text as it was.
        var copy = Copy(file);
        if (EditFields.Mask.ReadPart(copy, new FaultList()) is not PictureFile read) return (file, blur.X);
        if (read.Header.Format == PictureFormat.Jpeg && blur.X == blur.Y) return (file, blur.X); // it has no alpha
        long bytes = 5L * read.Width * read.Height + read.Bytes.Length;
        await memory.TakeAsync(bytes, cancellation);
        try
        {
            if (!PictureDecoder.TryDecode(read.Bytes, PictureLimits.Default, out var picture, out _, cancellation)) return (file, blur.X);
            var grey = picture.HasAlpha ? Opaque(picture) : null;
            if (grey is null && blur.X == blur.Y) return (file, blur.X);
            grey ??= MaskReader.From(picture, MaskMode.White);
            bool blurs = blur.X != blur.Y;
            if (blurs) grey = GaussianBlur.Run(grey, (float)blur.X, (float)blur.Y);
            return (new(file.Name, PictureEncoder.Encode(grey, PictureFormat.Png, 100, null), SentForm.File), blurs ? 0 : blur.X);
        }
        finally
        {
            memory.Release(bytes);
        }
    }

    /// <summary>White where alpha is above the half; null where all is opaque: then the colour is the mask.</summary>
    private static Picture? Opaque(Picture picture)
    {
        int channels = picture.Channels;
        var grey = Picture.Blank(picture.Width, picture.Height, 1);
        bool any = false;
        for (int i = 0; i < grey.Pixels.Length; i++)
        {
            byte alpha = picture.Pixels[i * channels + channels - 1];
            any |= alpha < byte.MaxValue;
            grey.Pixels[i] = alpha > 128 ? byte.MaxValue : (byte)0;
        }
        return any ? grey : null;
    }
}

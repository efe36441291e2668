using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Imaging;
using Darkroom.Imaging.Decoding;
using Darkroom.Imaging.Metadata;
using Darkroom.Imaging.Resize;
using Darkroom.Imaging.Values;
using Darkroom.Models.Catalog;

namespace Darkroom.Engine.Stages.Pictures;

/// <summary>
/// Fetches, and where that was not done before decodes, what a picture task was sent, and makes
/// the row's pixels of it. Runs off the loop: large pictures take a while.
/// </summary>
internal sealed class PictureLoading(IInputStore inputs, DecodedPictures decoded)
{
    /// <exception cref="InvalidDataException">A sent picture is gone, or is no picture any more.</exception>
    public async Task<PictureWork> LoadAsync(GenerationRequest request, ModelDescription? model)
    {
        var edit = request.Edit!;
        if (request.Task == GenerationTask.Upscale)
        {
            var record = request.Metadata ? PictureMetadata.Read((await FileAsync(edit.Picture)).Span) : PictureRecord.None;
            return new UpscaleWork(await DecodeAsync(edit.Picture), record);
        }
        if (request.KeepsValues) return new ValuesWork(await ValuesAsync(edit.Picture, request, edit.Fit));
        // Transparent parts stand on white, as in a viewer.
        var picture = (await DecodeAsync(edit.Picture)).Flatten(255, 255, 255);
        if (edit.Extension is { } extension)
            return new OutpaintWork(picture, extension, model!.MaxSize, model.SizeStep);
        if (edit.Mask is { } mask)
            return new InpaintWork(
                picture, await DecodeAsync(mask.Picture), mask, request.Width, request.Height, edit.Fit, request.Compatibility == Compatibility.A1111);
        return new ImageToImageWork(picture, request.Width, request.Height, edit.Fit);
    }

    /// <summary>A picture that was sent, on white where it is transparent.</summary>
    /// <exception cref="InvalidDataException">It is gone, or is no picture any more.</exception>
    public async Task<Picture> LoadAsync(InputPicture input) => (await DecodeAsync(input)).Flatten(255, 255, 255);

    /// <summary>The values of a picture that was sent, at its own depth and size.</summary>
    /// <returns>Null: it has other channels.</returns>
    /// <exception cref="InvalidDataException">It is gone, or is no picture any more.</exception>
    public async Task<PictureValues?> ValuesAsync(InputPicture input, int channels) =>
        ValuesDecoder.TryDecode(await FileAsync(input), PictureLimits.Default, channels, out var values, out var fault) ? values
        : fault.Kind == PictureFaultKind.OtherChannels ? null : throw new InvalidDataException(fault.Message);

    /// <summary>
    /// Those of img2img's picture. One of 8 bits is brought to the size worked at, and stands on white where it is transparent, as it always does.
    /// </summary>
    private async Task<PictureValues> ValuesAsync(InputPicture input, GenerationRequest request, ResizeMode fit)
    {
        if (input.IsArray || input.Bits > 8)
            return await ValuesAsync(input, request.Channels) ?? throw new InvalidDataException("The picture has other channels than it had.");
        var picture = await DecodeAsync(input);
        var sized = request.Channels == 3
            ? PictureFit.To(picture.Flatten(255, 255, 255), request.Width, request.Height, fit)
            // Cropped and padded it has three alike, and their grey is what each was.
            : ChannelConversion.ToGrey(PictureFit.To(picture, request.Width, request.Height, fit));
        return new(sized.Width, sized.Height, PixelConversion.ToNetwork(sized));
    }

    private async Task<Picture> DecodeAsync(InputPicture input)
    {
        if (decoded.Find(input.InputId) is { } ready) return ready;
        return PictureDecoder.TryDecode(await FileAsync(input), PictureLimits.Default, out var picture, out var fault)
            ? picture
            : throw new InvalidDataException(fault.Message);
    }

    private async ValueTask<ReadOnlyMemory<byte>> FileAsync(InputPicture input) =>
        await inputs.FindAsync(input.InputId, CancellationToken.None) ?? throw new InvalidDataException("A picture of the request is not held any more.");
}

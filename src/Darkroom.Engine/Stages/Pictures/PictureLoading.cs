using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Imaging;
using Darkroom.Imaging.Decoding;
using Darkroom.Imaging.Metadata;
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

using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Imaging;
using Darkroom.Imaging.Decoding;
using Darkroom.Imaging.Resize;
using Darkroom.Models.Catalog;

namespace Darkroom.Engine.Execution.Pictures;

/// <summary>
/// Fetches, and where that was not done before decodes, what a picture task was sent, and makes the row's pixels of it. Runs off the loop: large pictures
/// take a while.
/// </summary>
internal sealed class PictureLoading(IInputStore inputs, DecodedPictures decoded)
{
    /// <exception cref="InvalidDataException">A sent picture is gone, or is no picture any more.</exception>
    public async Task<PictureWork> LoadAsync(GenerationRequest request, ModelDescription? model)
    {
        var edit = request.Edit!;
        if (request.Task == GenerationTask.Upscale)
            return new SentPicture(await DecodeAsync(edit.Picture));
        // Transparent parts stand on white, as in a viewer.
        var picture = (await DecodeAsync(edit.Picture)).Flatten(255, 255, 255);
        if (edit.Extension is { } extension)
            return new OutpaintWork(picture, extension, model!.MaxSize, model.SizeStep);
        if (edit.Mask is { } mask)
            return new InpaintWork(picture, await DecodeAsync(mask.Picture), mask, request.Width, request.Height, FitOf(edit.Fit));
        return new ImageToImageWork(picture, request.Width, request.Height, FitOf(edit.Fit));
    }

    private async Task<Picture> DecodeAsync(InputPicture input)
    {
        if (decoded.Find(input.InputId) is { } ready) return ready;
        if (await inputs.FindAsync(input.InputId, CancellationToken.None) is not { } file)
            throw new InvalidDataException("A picture of the request is not held any more.");
        return PictureDecoder.TryDecode(file, PictureLimits.Default, out var picture, out var fault)
            ? picture
            : throw new InvalidDataException(fault.Message);
    }

    private static ResizeMode FitOf(FitMode fit) => fit switch
    {
        FitMode.Stretch => ResizeMode.Stretch,
        FitMode.Pad => ResizeMode.Pad,
        _ => ResizeMode.Crop,
    };
}

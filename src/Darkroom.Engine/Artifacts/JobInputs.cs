using Darkroom.Engine.Jobs;

namespace Darkroom.Engine.Artifacts;

/// <summary>The pictures that a request was sent with: they are the job's, and go with it.</summary>
internal sealed class JobInputs(IInputStore inputs, DecodedPictures decoded)
{
    /// <summary>Lets all of them go; doing so twice does nothing.</summary>
    public async ValueTask ReleaseAsync(GenerationRequest request)
    {
        if (request.Edit is not { } edit) return;
        await ReleaseAsync(edit.Picture);
        if (edit.Mask is { } mask) await ReleaseAsync(mask.Picture);
    }

    private ValueTask ReleaseAsync(InputPicture input)
    {
        decoded.Remove(input.InputId);
        return inputs.RemoveAsync(input.InputId, CancellationToken.None);
    }
}

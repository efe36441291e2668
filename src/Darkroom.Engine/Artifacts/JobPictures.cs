using Darkroom.Engine.Jobs;

namespace Darkroom.Engine.Artifacts;

/// <summary>A job's pictures: those that its request was sent with, which go with it, and those that it makes.</summary>
internal sealed class JobPictures(IInputStore inputs, DecodedPictures decoded, IArtifactStore artifacts)
{
    /// <summary>Keeps what a job makes, whatever the store's limit, until it is disposed of.</summary>
    public IDisposable Hold(string job) => artifacts.Hold(job);

    /// <summary>Lets all go that the request was sent with; doing so twice does nothing.</summary>
    public async ValueTask ReleaseInputsAsync(GenerationRequest request)
    {
        foreach (var input in request.Inputs) await ReleaseAsync(input);
    }

    /// <summary>Removes all that a finished job left: what it was sent with, what it made, and what it made and never told of.</summary>
    public async ValueTask PurgeAsync(Job job)
    {
        await ReleaseInputsAsync(job.Request);
        await artifacts.RemoveAsync([.. job.Result?.Artifacts ?? []], CancellationToken.None);
        await artifacts.RemoveJobAsync(job.Id, CancellationToken.None);
    }

    private ValueTask ReleaseAsync(InputPicture input)
    {
        decoded.Remove(input.InputId);
        return inputs.RemoveAsync(input.InputId, CancellationToken.None);
    }
}

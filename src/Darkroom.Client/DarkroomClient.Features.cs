namespace Darkroom.Client;

public sealed partial class DarkroomClient
{
    /// <summary>Reads what layers of a model make of a picture, and fetches that. Cancelling the token cancels the job on the server, too.</summary>
    /// <param name="request">The picture, and what is read.</param>
    /// <param name="progress">Is told every event of the job, the end included; null: nobody.</param>
    /// <param name="cancellationToken">Cancels the job.</param>
    /// <exception cref="DarkroomException">The server refused the request: 422 with every fault of it, 401, 429 …</exception>
    /// <exception cref="DarkroomJobException">The job ended without an answer: the model has not such a layer.</exception>
    public async Task<FeaturesFile> FeaturesAsync(
        FeaturesRequest request, IProgress<JobEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        var file = (await GenerateAsync(request, progress, cancellationToken).ConfigureAwait(false)).Features!;
        return file with { Data = (await GetImageAsync(file.Url, cancellationToken).ConfigureAwait(false)).Data };
    }
}

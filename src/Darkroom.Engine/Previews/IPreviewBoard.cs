namespace Darkroom.Engine.Previews;

/// <summary>Where the newest preview of each running job hangs. Beside the job store, not in it: losing all of it loses nothing.</summary>
public interface IPreviewBoard
{
    /// <summary>Takes the place of the job's preview before.</summary>
    void Post(Preview preview);

    /// <summary>Takes the job's preview down; who waits for one goes on waiting.</summary>
    void Remove(string jobId);

    /// <summary>The job's newest preview, as soon as it is another one than was seen last.</summary>
    /// <param name="jobId">The job; it need not have a preview yet, nor be known.</param>
    /// <param name="seen">Number of the preview that was seen last; 0: none.</param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask<PostedPreview> NextAsync(string jobId, long seen, CancellationToken cancellation);
}

/// <summary>A preview on the board.</summary>
/// <param name="Number">1 for the job's first, and so on.</param>
/// <param name="Preview">What is shown.</param>
public readonly record struct PostedPreview(long Number, Preview Preview);

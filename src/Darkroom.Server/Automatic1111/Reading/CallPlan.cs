namespace Darkroom.Server.Automatic1111.Reading;

/// <summary>The pictures of one call: batches of one size, one batch after the other, as AUTOMATIC1111 numbers them.</summary>
/// <param name="BatchSize">Pictures of a batch.</param>
/// <param name="Batches">How many.</param>
internal sealed record CallPlan(int BatchSize, int Batches)
{
    /// <summary>As AUTOMATIC1111's page offers.</summary>
    public const int MaxBatchSize = 8;

    /// <summary>Of a call: all pictures are in one answer, and their jobs wait in the queue together. AUTOMATIC1111's page offers as many batches.</summary>
    public const int MaxPictures = 100;

    /// <summary>A job of the core has at most so many.</summary>
    public const int MaxOfJob = 8;

    public int Pictures => BatchSize * Batches;

    public static CallPlan Of(SentValues values)
    {
        var (size, batches) = (values.Whole("batch_size", 1, MaxBatchSize) ?? 1, values.Whole("n_iter", 1, MaxPictures) ?? 1);
        if (size * batches > MaxPictures)
            values.Refuse("n_iter", $"asks for {batches} batches of {size}: a call has at most {MaxPictures} pictures, which its one answer holds",
                values.Find("n_iter"), $"1…{MaxPictures / size} with batch_size {size}");
        return new((int)size, (int)Math.Min(batches, MaxPictures / size));
    }

    /// <summary>The jobs that make them: the first picture of each, and how many it has.</summary>
    /// <param name="sent">Pictures that the call begins with; with more than one, each picture has a job of its own.</param>
    public IEnumerable<(int First, int Count)> Jobs(int sent)
    {
        int most = sent > 1 ? 1 : MaxOfJob;
        for (int first = 0; first < Pictures; first += most) yield return (first, Math.Min(most, Pictures - first));
    }
}

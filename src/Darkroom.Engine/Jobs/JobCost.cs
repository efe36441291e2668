namespace Darkroom.Engine.Jobs;

/// <summary>What a job counts in limits, as far as its request tells: no model has to be there for it.</summary>
public static class JobCost
{
    /// <summary>What an evaluation of a denoiser over a megapixel counts: a guidance pair is 1.</summary>
    public const double EvaluationWeight = 0.5;

    /// <summary>Millions of pixels.</summary>
    public static double Megapixels(int width, int height) => width * (double)height / 1e6;

    /// <summary>
    /// Megapixel-steps of all pictures of a job, at least 0: guidance pairs of the steps that are run, in each pass, and once each finished picture
    /// that an upscaler enlarges. Overlaps, tiles and samplers that call twice in a step are left out: a limit needs the order of size.
    /// </summary>
    public static double MegapixelSteps(GenerationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        double denoise = request.Task == GenerationTask.Upscale ? 0
            : request.Passes.Sum(pass => Megapixels(pass.Width, pass.Height) * pass.StepsRun * pass.Lanes * EvaluationWeight);
        double upscale = request.Upscale is null ? 0 : Megapixels(request.Finished.Width, request.Finished.Height);
        return request.Count * (denoise + upscale);
    }

    /// <summary>
    /// The same of a job that ended: 0 where it did not succeed. A classification counts the evaluations that it took: candidates that are surely behind were
    /// asked no more.
    /// </summary>
    public static double MegapixelSteps(Job ended)
    {
        ArgumentNullException.ThrowIfNull(ended);
        if (ended.State != JobState.Succeeded) return 0;
        var request = ended.Request;
        return ended.Result?.Finding?.Classification is { } found
            ? Megapixels(request.Width, request.Height) * found.Evaluations * EvaluationWeight : MegapixelSteps(request);
    }
}

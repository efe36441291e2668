using Darkroom.Engine.Jobs;
using Darkroom.Models.Families;

namespace Darkroom.Engine.Stages;

/// <summary>What the rows of a job read on one device: they read the same, so it is turned into tokens, encoded and kept once. Only the loop asks.</summary>
internal sealed class JobTexts
{
    private RowTexts? texts, secondTexts;
    private IDiffusionModel? reader;

    /// <summary>What a row reads whose model and pictures are there.</summary>
    /// <param name="row">The row.</param>
    /// <param name="width">Pixels that are denoised.</param>
    /// <param name="height">Pixels that are denoised.</param>
    public RowTexts Of(RowMemory row, int width, int height)
    {
        ForgetOthers(row);
        return texts ??= RowTexts.Of(row.Request, row.Model, width, height, row.Embeddings);
    }

    /// <summary>The same in its second pass.</summary>
    /// <param name="row">The row.</param>
    /// <param name="second">The pass.</param>
    public RowTexts OfSecond(RowMemory row, GenerationRequest second)
    {
        ForgetOthers(row);
        return secondTexts ??= RowTexts.Of(second, row.Model, second.Width, second.Height, row.Embeddings);
    }

    private void ForgetOthers(RowMemory row)
    {
        if (reader == row.Model) return;
        (reader, texts, secondTexts) = (row.Model, null, null); // one that was loaded again since is another
    }
}

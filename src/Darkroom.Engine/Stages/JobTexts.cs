using Darkroom.Models.Families;

namespace Darkroom.Engine.Stages;

/// <summary>What the rows of a job read on one device: they read the same, so it is turned into tokens, encoded and kept once. Only the loop asks.</summary>
internal sealed class JobTexts
{
    private RowTexts? texts;
    private IDiffusionModel? reader;

    /// <summary>What a row reads whose model and pictures are there.</summary>
    /// <param name="row">The row.</param>
    /// <param name="width">Pixels that are denoised.</param>
    /// <param name="height">Pixels that are denoised.</param>
    public RowTexts Of(RowMemory row, int width, int height)
    {
        if (texts is not null && reader == row.Model) return texts;
        reader = row.Model; // one that was loaded again since is another
        return texts = RowTexts.Of(row.Request, row.Model, width, height, row.Embeddings);
    }
}

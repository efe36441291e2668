namespace Darkroom.Benchmarks.Costs;

/// <summary>What one call of a network takes.</summary>
/// <param name="Stage"><c>text_encode</c>, <c>vae_encode</c>, <c>denoise</c>, <c>decode</c> or <c>upscale_tile</c>.</param>
/// <param name="Width">Of the picture, pixels; of a tile what goes in; 0 for texts.</param>
/// <param name="Height">As the width.</param>
/// <param name="Evaluations">Rows of the call; guidance makes two of a picture.</param>
/// <param name="Threads">Inside the call.</param>
/// <param name="Ms">Milliseconds.</param>
internal sealed record CostEntry(string Stage, int Width, int Height, int Evaluations, int Threads, double Ms);

/// <summary>A machine's costs, as a simulator reads them.</summary>
internal sealed record CostTable(string Machine, IReadOnlyList<CostEntry> Entries);

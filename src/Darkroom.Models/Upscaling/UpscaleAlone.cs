using Darkroom.Imaging;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Upscaling;

/// <summary>Upscales one picture from beginning to end, a tile a call: for commands and tests. Requests share calls instead.</summary>
public static class UpscaleAlone
{
    /// <exception cref="GraphException">The graph refused a call.</exception>
    public static Picture Run(Upscaler upscaler, Picture picture, double factor, UpscaleTiling tiling, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(upscaler);
        var run = new UpscaleRun(upscaler.Traits, picture, factor, tiling);
        float[] input = [], output = [];
        while (!run.IsDone)
        {
            cancellation.ThrowIfCancellationRequested();
            var tile = run.Wanted.First();
            if (input.Length != run.InputLength(tile)) (input, output) = (new float[run.InputLength(tile)], new float[run.OutputLength(tile)]);
            run.Read(tile, input);
            upscaler.RunTiles(tile.Input.Width, tile.Input.Height, [new TileBuffers(input, output)]);
            run.Accept(tile, output);
        }
        return run.Result();
    }
}

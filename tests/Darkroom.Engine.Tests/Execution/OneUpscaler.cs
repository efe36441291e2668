using Darkroom.Models.Catalog;
using Darkroom.Models.Upscaling;

namespace Darkroom.Engine.Tests.Execution;

/// <summary>One upscaler on every device, loaded from the start.</summary>
/// <param name="upscaler">The upscaler.</param>
/// <param name="knows">Whether its file says anything of it.</param>
internal sealed class OneUpscaler(Upscaler upscaler, bool knows = true) : IUpscalerDirectory
{
    public IReadOnlyList<UpscalerDescription> All => [upscaler.Description];

    public UpscalerDescription? Find(string id) =>
        id != upscaler.Description.Id ? null : knows ? upscaler.Description : upscaler.Description with { Scale = null };

    public ModelStatus StatusOf(string id) => new(ModelState.Ready, null, upscaler.ContentHash);

    public Upscaler Upscaler => upscaler;
}

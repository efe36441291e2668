using Darkroom.Engine.Execution;
using Darkroom.Models.Upscaling;

namespace Darkroom.Engine.Tests.Execution;

/// <summary>One upscaler on every device, loaded from the start.</summary>
internal sealed class OneUpscaler(Upscaler upscaler) : IUpscalerSource
{
    public Task<Upscaler> GetAsync(string id, int device) => Task.FromResult(upscaler);
}

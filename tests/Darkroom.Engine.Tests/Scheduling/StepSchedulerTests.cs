using Darkroom.Diffusion.Tensors;
using Darkroom.Engine.Scheduling;

namespace Darkroom.Engine.Tests.Scheduling;

public sealed class StepSchedulerTests
{
}

using Darkroom.Engine.Queue;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Darkroom.Server.Configuration;

/// <summary>The one time of a process: steady, unless a test gives its own.</summary>
internal static class ProcessTime
{
    public static void Add(IServiceCollection services) => services.TryAddSingleton<TimeProvider>(new SteadyTime(TimeProvider.System));

    /// <summary>For what is opened before there is a container.</summary>
    public static TimeProvider Of(IServiceCollection services) =>
        (TimeProvider)services.Last(service => service.ServiceType == typeof(TimeProvider)).ImplementationInstance!;
}

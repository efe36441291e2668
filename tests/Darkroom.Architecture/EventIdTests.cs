using System.Reflection;
using Microsoft.Extensions.Logging;

namespace Darkroom.Architecture;

/// <summary>An event id names one thing that can be said in the log.</summary>
public sealed class EventIdTests
{
    private const BindingFlags Every = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    [Fact]
    public void Event_id_is_used_once()
    {
        var assemblies = new[]
        {
            typeof(Imaging.Picture).Assembly, typeof(Diffusion.Samplers.ISampler).Assembly, typeof(Models.Catalog.ModelDescription).Assembly,
            typeof(Engine.Jobs.Job).Assembly, typeof(Storage.Memory.MemoryJobStore).Assembly, Assembly.Load("Darkroom.Server"),
        };
        var messages = assemblies
            .SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(Every))
            .Select(method => (method.Name, Id: method.GetCustomAttribute<LoggerMessageAttribute>()?.EventId))
            .Where(message => message.Id is not null)
            .ToList();
        Assert.True(messages.Count > 20);
        Assert.Empty(messages.GroupBy(message => message.Id).Where(group => group.Count() > 1).Select(group => string.Join(", ", group)));
    }
}

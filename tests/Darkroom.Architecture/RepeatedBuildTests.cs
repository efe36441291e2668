namespace Darkroom.Architecture;

/// <summary>What would make builds of the same sources differ (<c>deploy/release/reproduce</c>).</summary>
public sealed class RepeatedBuildTests
{
    /// <summary>
    /// A method whose parameter has a default value, taken as a delegate by <c>MapGet</c> and its kind, gets a delegate's type made for it. The compiler
    /// numbers these types in the order in which its threads come to them.
    /// </summary>
    [Fact]
    public void No_delegate_type_is_made_by_the_compiler() => Rule.Holds(
        "The compiler made a type of delegate for a method with a default value: leave the value out, or name a delegate.",
        new[]
        {
            typeof(Imaging.Picture), typeof(Diffusion.Samplers.ISampler), typeof(Models.Catalog.ModelDescription), typeof(Engine.Jobs.Job),
            typeof(Storage.Memory.MemoryJobStore), typeof(Client.DarkroomClient), typeof(Program),
        }.SelectMany(room => room.Assembly.GetTypes()).Where(type => type.Name.Contains("AnonymousDelegate", StringComparison.Ordinal))
            .Select(type => $"{type.Assembly.GetName().Name}: {type.GetMethod("Invoke")}"));
}

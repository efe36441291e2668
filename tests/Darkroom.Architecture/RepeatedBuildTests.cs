using Darkroom.Architecture.Sources;

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
        from type in BuiltAssembly.Types
        where type.Name.Contains("AnonymousDelegate", StringComparison.Ordinal)
        select $"{type.Module.Assembly.Name.Name}: {type.Methods.Single(method => method.Name == "Invoke")}");
}

using Darkroom.Architecture.Sources;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Darkroom.Architecture.Folders;

/// <summary>Uses as an assembly has them: those too that no source names (<c>var</c>, extension methods, members of members).</summary>
internal static class AssemblyUses
{
    public static IEnumerable<TypeUse> In(string assembly, IReadOnlyList<SourceFile> project)
    {
        var declared = new DeclaredTypes(project);
        using var module = ModuleDefinition.ReadModule(assembly);
        HashSet<TypeUse> uses = [];
        foreach (var type in module.GetTypes())
        {
            if (FileOf(type, declared) is not { } user)
                continue;
            foreach (var used in ReferencesOf(type).SelectMany(Plain))
                if (used.Scope == module && FileOf(used, declared) is { } other && other != user)
                    uses.Add(new TypeUse(user, FullName(Outermost(used)), other));
        }

        return uses;
    }

    private static SourceFile? FileOf(TypeReference type, DeclaredTypes declared) => declared.Find(FullName(Outermost(type)));

    private static TypeReference Outermost(TypeReference type)
    {
        while (type.DeclaringType is { } outer)
            type = outer;
        return type;
    }

    private static string FullName(TypeReference type) => DeclaredTypes.Join(type.Namespace, type.Name.Split('`')[0]);

    private static IEnumerable<TypeReference?> ReferencesOf(TypeDefinition type)
    {
        yield return type.BaseType;
        foreach (var part in type.Interfaces)
            yield return part.InterfaceType;
        foreach (var used in OfAttributes(type).Concat(OfConstraints(type)))
            yield return used;

        // Fields of the compiler's own types are locals that outlive a wait: passed on, not used.
        foreach (var field in type.Fields.Where(field => !type.Name.StartsWith('<')))
        {
            yield return field.FieldType;
            foreach (var used in OfAttributes(field))
                yield return used;
        }

        foreach (var property in type.Properties)
            foreach (var used in OfAttributes(property))
                yield return used;
        foreach (var method in type.Methods)
            foreach (var used in OfMethod(method))
                yield return used;
    }

    private static IEnumerable<TypeReference?> OfMethod(MethodDefinition method)
    {
        yield return method.ReturnType;
        foreach (var parameter in method.Parameters)
            yield return parameter.ParameterType;
        foreach (var used in OfAttributes(method).Concat(OfConstraints(method)))
            yield return used;
        if (!method.HasBody)
            yield break;
        foreach (var handler in method.Body.ExceptionHandlers)
            yield return handler.CatchType;
        foreach (var used in method.Body.Instructions.SelectMany(OfInstruction))
            yield return used;
    }

    private static IEnumerable<TypeReference?> OfInstruction(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        GenericInstanceMethod method => [method.DeclaringType, .. method.GenericArguments],
        MemberReference member => [member.DeclaringType],
        _ => [],
    };

    private static IEnumerable<TypeReference?> OfConstraints(IGenericParameterProvider owner) =>
        owner.GenericParameters.SelectMany(parameter => parameter.Constraints).Select(constraint => constraint.ConstraintType);

    private static IEnumerable<TypeReference?> OfAttributes(ICustomAttributeProvider owner) => owner.CustomAttributes.SelectMany(attribute =>
        attribute.ConstructorArguments.Select(argument => argument.Value as TypeReference).Prepend(attribute.AttributeType));

    // A type that is built of others (arrays, pointers, generic instances) stands for all of them.
    private static IEnumerable<TypeReference> Plain(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Plain).Append(generic.ElementType),
        TypeSpecification built => Plain(built.ElementType),
        _ => [type],
    };
}

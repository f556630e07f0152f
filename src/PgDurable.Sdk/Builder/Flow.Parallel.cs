using System.Diagnostics.CodeAnalysis;

namespace PgDurable;

// See Flow.cs for the order and the annotations.
#nullable disable annotations
#pragma warning disable RS0041 // Uses oblivious reference types.

public partial class Flow
{
    /// <summary>Runs two branches in parallel and waits for all of them.</summary>
    /// <typeparam name="T1">The type of the first branch's result.</typeparam>
    /// <typeparam name="T2">The type of the second branch's result.</typeparam>
    /// <param name="first">The first branch.</param>
    /// <param name="second">The second branch.</param>
    /// <param name="firstResult">The first branch's result.</param>
    /// <param name="secondResult">The second branch's result.</param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow Parallel<T1, T2>(
        [DisallowNull] Func<Flow, Flow<T1>> first, [DisallowNull] Func<Flow, Flow<T2>> second, out T1 firstResult, out T2 secondResult) =>
        throw DefinitionOnly.Error();

    /// <summary>Runs three branches in parallel and waits for all of them.</summary>
    /// <typeparam name="T1">The type of the first branch's result.</typeparam>
    /// <typeparam name="T2">The type of the second branch's result.</typeparam>
    /// <typeparam name="T3">The type of the third branch's result.</typeparam>
    /// <param name="first">The first branch.</param>
    /// <param name="second">The second branch.</param>
    /// <param name="third">The third branch.</param>
    /// <param name="firstResult">The first branch's result.</param>
    /// <param name="secondResult">The second branch's result.</param>
    /// <param name="thirdResult">The third branch's result.</param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow Parallel<T1, T2, T3>(
        [DisallowNull] Func<Flow, Flow<T1>> first, [DisallowNull] Func<Flow, Flow<T2>> second,
        [DisallowNull] Func<Flow, Flow<T3>> third, out T1 firstResult, out T2 secondResult, out T3 thirdResult) =>
        throw DefinitionOnly.Error();

    /// <summary>Runs four branches in parallel and waits for all of them.</summary>
    /// <typeparam name="T1">The type of the first branch's result.</typeparam>
    /// <typeparam name="T2">The type of the second branch's result.</typeparam>
    /// <typeparam name="T3">The type of the third branch's result.</typeparam>
    /// <typeparam name="T4">The type of the fourth branch's result.</typeparam>
    /// <param name="first">The first branch.</param>
    /// <param name="second">The second branch.</param>
    /// <param name="third">The third branch.</param>
    /// <param name="fourth">The fourth branch.</param>
    /// <param name="firstResult">The first branch's result.</param>
    /// <param name="secondResult">The second branch's result.</param>
    /// <param name="thirdResult">The third branch's result.</param>
    /// <param name="fourthResult">The fourth branch's result.</param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow Parallel<T1, T2, T3, T4>(
        [DisallowNull] Func<Flow, Flow<T1>> first,
        [DisallowNull] Func<Flow, Flow<T2>> second,
        [DisallowNull] Func<Flow, Flow<T3>> third,
        [DisallowNull] Func<Flow, Flow<T4>> fourth,
        out T1 firstResult,
        out T2 secondResult,
        out T3 thirdResult,
        out T4 fourthResult) => throw DefinitionOnly.Error();

    /// <summary>Runs five branches in parallel and waits for all of them.</summary>
    /// <typeparam name="T1">The type of the first branch's result.</typeparam>
    /// <typeparam name="T2">The type of the second branch's result.</typeparam>
    /// <typeparam name="T3">The type of the third branch's result.</typeparam>
    /// <typeparam name="T4">The type of the fourth branch's result.</typeparam>
    /// <typeparam name="T5">The type of the fifth branch's result.</typeparam>
    /// <param name="first">The first branch.</param>
    /// <param name="second">The second branch.</param>
    /// <param name="third">The third branch.</param>
    /// <param name="fourth">The fourth branch.</param>
    /// <param name="fifth">The fifth branch.</param>
    /// <param name="firstResult">The first branch's result.</param>
    /// <param name="secondResult">The second branch's result.</param>
    /// <param name="thirdResult">The third branch's result.</param>
    /// <param name="fourthResult">The fourth branch's result.</param>
    /// <param name="fifthResult">The fifth branch's result.</param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow Parallel<T1, T2, T3, T4, T5>(
        [DisallowNull] Func<Flow, Flow<T1>> first,
        [DisallowNull] Func<Flow, Flow<T2>> second,
        [DisallowNull] Func<Flow, Flow<T3>> third,
        [DisallowNull] Func<Flow, Flow<T4>> fourth,
        [DisallowNull] Func<Flow, Flow<T5>> fifth,
        out T1 firstResult,
        out T2 secondResult,
        out T3 thirdResult,
        out T4 fourthResult,
        out T5 fifthResult) => throw DefinitionOnly.Error();

    /// <summary>Runs six branches in parallel and waits for all of them.</summary>
    /// <typeparam name="T1">The type of the first branch's result.</typeparam>
    /// <typeparam name="T2">The type of the second branch's result.</typeparam>
    /// <typeparam name="T3">The type of the third branch's result.</typeparam>
    /// <typeparam name="T4">The type of the fourth branch's result.</typeparam>
    /// <typeparam name="T5">The type of the fifth branch's result.</typeparam>
    /// <typeparam name="T6">The type of the sixth branch's result.</typeparam>
    /// <param name="first">The first branch.</param>
    /// <param name="second">The second branch.</param>
    /// <param name="third">The third branch.</param>
    /// <param name="fourth">The fourth branch.</param>
    /// <param name="fifth">The fifth branch.</param>
    /// <param name="sixth">The sixth branch.</param>
    /// <param name="firstResult">The first branch's result.</param>
    /// <param name="secondResult">The second branch's result.</param>
    /// <param name="thirdResult">The third branch's result.</param>
    /// <param name="fourthResult">The fourth branch's result.</param>
    /// <param name="fifthResult">The fifth branch's result.</param>
    /// <param name="sixthResult">The sixth branch's result.</param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow Parallel<T1, T2, T3, T4, T5, T6>(
        [DisallowNull] Func<Flow, Flow<T1>> first,
        [DisallowNull] Func<Flow, Flow<T2>> second,
        [DisallowNull] Func<Flow, Flow<T3>> third,
        [DisallowNull] Func<Flow, Flow<T4>> fourth,
        [DisallowNull] Func<Flow, Flow<T5>> fifth,
        [DisallowNull] Func<Flow, Flow<T6>> sixth,
        out T1 firstResult,
        out T2 secondResult,
        out T3 thirdResult,
        out T4 fourthResult,
        out T5 fifthResult,
        out T6 sixthResult) => throw DefinitionOnly.Error();

    /// <summary>Runs seven branches in parallel and waits for all of them.</summary>
    /// <typeparam name="T1">The type of the first branch's result.</typeparam>
    /// <typeparam name="T2">The type of the second branch's result.</typeparam>
    /// <typeparam name="T3">The type of the third branch's result.</typeparam>
    /// <typeparam name="T4">The type of the fourth branch's result.</typeparam>
    /// <typeparam name="T5">The type of the fifth branch's result.</typeparam>
    /// <typeparam name="T6">The type of the sixth branch's result.</typeparam>
    /// <typeparam name="T7">The type of the seventh branch's result.</typeparam>
    /// <param name="first">The first branch.</param>
    /// <param name="second">The second branch.</param>
    /// <param name="third">The third branch.</param>
    /// <param name="fourth">The fourth branch.</param>
    /// <param name="fifth">The fifth branch.</param>
    /// <param name="sixth">The sixth branch.</param>
    /// <param name="seventh">The seventh branch.</param>
    /// <param name="firstResult">The first branch's result.</param>
    /// <param name="secondResult">The second branch's result.</param>
    /// <param name="thirdResult">The third branch's result.</param>
    /// <param name="fourthResult">The fourth branch's result.</param>
    /// <param name="fifthResult">The fifth branch's result.</param>
    /// <param name="sixthResult">The sixth branch's result.</param>
    /// <param name="seventhResult">The seventh branch's result.</param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow Parallel<T1, T2, T3, T4, T5, T6, T7>(
        [DisallowNull] Func<Flow, Flow<T1>> first,
        [DisallowNull] Func<Flow, Flow<T2>> second,
        [DisallowNull] Func<Flow, Flow<T3>> third,
        [DisallowNull] Func<Flow, Flow<T4>> fourth,
        [DisallowNull] Func<Flow, Flow<T5>> fifth,
        [DisallowNull] Func<Flow, Flow<T6>> sixth,
        [DisallowNull] Func<Flow, Flow<T7>> seventh,
        out T1 firstResult,
        out T2 secondResult,
        out T3 thirdResult,
        out T4 fourthResult,
        out T5 fifthResult,
        out T6 sixthResult,
        out T7 seventhResult) => throw DefinitionOnly.Error();

    /// <summary>Runs eight branches in parallel and waits for all of them.</summary>
    /// <typeparam name="T1">The type of the first branch's result.</typeparam>
    /// <typeparam name="T2">The type of the second branch's result.</typeparam>
    /// <typeparam name="T3">The type of the third branch's result.</typeparam>
    /// <typeparam name="T4">The type of the fourth branch's result.</typeparam>
    /// <typeparam name="T5">The type of the fifth branch's result.</typeparam>
    /// <typeparam name="T6">The type of the sixth branch's result.</typeparam>
    /// <typeparam name="T7">The type of the seventh branch's result.</typeparam>
    /// <typeparam name="T8">The type of the eighth branch's result.</typeparam>
    /// <param name="first">The first branch.</param>
    /// <param name="second">The second branch.</param>
    /// <param name="third">The third branch.</param>
    /// <param name="fourth">The fourth branch.</param>
    /// <param name="fifth">The fifth branch.</param>
    /// <param name="sixth">The sixth branch.</param>
    /// <param name="seventh">The seventh branch.</param>
    /// <param name="eighth">The eighth branch.</param>
    /// <param name="firstResult">The first branch's result.</param>
    /// <param name="secondResult">The second branch's result.</param>
    /// <param name="thirdResult">The third branch's result.</param>
    /// <param name="fourthResult">The fourth branch's result.</param>
    /// <param name="fifthResult">The fifth branch's result.</param>
    /// <param name="sixthResult">The sixth branch's result.</param>
    /// <param name="seventhResult">The seventh branch's result.</param>
    /// <param name="eighthResult">The eighth branch's result.</param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow Parallel<T1, T2, T3, T4, T5, T6, T7, T8>(
        [DisallowNull] Func<Flow, Flow<T1>> first,
        [DisallowNull] Func<Flow, Flow<T2>> second,
        [DisallowNull] Func<Flow, Flow<T3>> third,
        [DisallowNull] Func<Flow, Flow<T4>> fourth,
        [DisallowNull] Func<Flow, Flow<T5>> fifth,
        [DisallowNull] Func<Flow, Flow<T6>> sixth,
        [DisallowNull] Func<Flow, Flow<T7>> seventh,
        [DisallowNull] Func<Flow, Flow<T8>> eighth,
        out T1 firstResult,
        out T2 secondResult,
        out T3 thirdResult,
        out T4 fourthResult,
        out T5 fifthResult,
        out T6 sixthResult,
        out T7 seventhResult,
        out T8 eighthResult) => throw DefinitionOnly.Error();

    /// <summary>Runs branches in parallel and waits for all of them.</summary>
    /// <param name="branches">The branches, at least two.</param>
    /// <returns>The flow, to chain the next step.</returns>
    public Flow Parallel([DisallowNull] params Func<Flow, Flow>[] branches) => throw DefinitionOnly.Error();
}
